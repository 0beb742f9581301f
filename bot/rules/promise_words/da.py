"""Danish."""

from bot.rules.promise_words.shape import DayWords, PromiseWords, Vows

DANISH = PromiseWords(
    DayWords(
        weekdays=("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
        months=(
            "januar|jan",
            "februar|feb",
            "marts|mar",
            "april|apr",
            "maj",
            "juni|jun",
            "juli|jul",
            "august|aug",
            "september|sept|sep",
            "oktober|okt",
            "november|nov",
            "december|dec",
        ),
        today=r"i ?dag",
        during_today=(
            r"senere i ?dag|i løbet af (?:i )?dagen|i dagens løb|inden dagen er (?:omme|slut|forbi)"
            r"|før dagen er omme"
        ),
        tomorrow=r"i ?morgen|morgendagen",
        overmorrow=r"i ?overmorgen",
        morning=r"(?:i )?morgen(?:en)?|tidligt|formiddag(?:en)?",
        noon=r"(?:klokken |kl\.? ?)?tolv|middag(?:stid)?|frokost",
        afternoon=r"(?:i )?eftermiddag(?:en)?",
        evening=r"(?:i )?aften(?:en)?",
        closing=(
            r"(?:arbejds)?dagens (?:afslutning|slutning|udløb|ende)|arbejdsdagen er (?:omme|slut)"
            r"|(?:vores )?lukketid|fyraften"
        ),
        hours=r"timer?|t",
        days=r"dage?|døgn",
        business_days=r"(?:arbejds|hver|bank)dage?",
        weeks=r"uger?",
        months_long=r"måneder|måned",
        by=r"senest|ikke senere end|inden udgangen af|inden slutningen af",
        before=r"inden|før",
        within=r"inden for|indenfor|i løbet af|inden",
        after=r"om|senest om",
        at_the_latest=r"senest|i det seneste",
        next=r"næste|på næste",
        this=r"denne|førstkommende|nu på|på|kommende|den kommende",
        this_week=(
            r"(?:inden for|i løbet af|i|senere i) (?:denne uge|ugen)|(?:inden |senest )?ugens udgang"
            r"|inden ugen er (?:omme|slut|gået)|(?:i )?slutningen af (?:denne uge|ugen)|senere på ugen"
        ),
        next_week=(
            r"(?:i |i løbet af |senest |inden udgangen af |(?:i )?slutningen af )?(?:næste"
            r"|den kommende) uge"
        ),
        early_next_week=r"(?:i )?(?:begyndelsen|starten) af (?:næste|den kommende) uge",
        before_weekend=r"(?:inden|før) weekenden",
        after_weekend=r"efter weekenden",
        weekend=r"(?:i|i løbet af|hen over) weekenden",
        week_number=r"uge",
        month_end=(
            r"(?:inden |ved )?(?:månedens (?:udgang|slutning|afslutning)|udgangen af måneden"
            r"|slutningen af måneden|måneden er omme)"
        ),
        clock=r"klokken|kl\.?",
        glue=r"den|d|på|om|i|klokken|kl\.?",
        between=r"og|eller|til|-|–",
        not_a_deadline=(
            r"fra(?: og med)?|siden|efter|hver|sidste|forrige|til(?: og med)?|indtil|frem til"
            r"|tidligst|pr\.?|på en|en|(?<!løbet )(?<!slutningen )(?<!udgangen )af"
        ),
        counted_from=r"efter|fra|siden|regnet",
    ),
    Vows(
        we=r"jeg|vi",
        you_get=(
            r"(?:du|i|de) (?:har|får|hører|modtager|kan (?:regne|forvente|bruge)|vil (?:have|få|høre"
            r"|modtage|kunne)|skal nok (?:få|høre|have))|(?:har|får|hører|modtager) (?:du|i|de)\b"
            r"|kan (?:du|i) (?:regne|forvente|bruge)|skal (?:du|i) nok (?:få|høre|have)"
        ),
        comes=(
            r"kommer|ankommer|bliver (?:\w+ ){0,3}?(?:sendt|afsendt|leveret|afleveret|overført"
            r"|refunderet|frigivet|betalt|udbetalt|ordnet|løst|rettet|klar)|(?:af)?sendes|leveres"
            r"|overføres|refunderes|udbetales|frigives|(?:er|ligger|står) (?:\w+ ){0,2}?(?:hos dig"
            r"|hos jer|fremme|tilbage|på din konto|på kontoen|klar|på plads)"
            r"|vil (?:\w+ ){0,2}?(?:være|blive|komme|ligge|stå|ankomme)"
        ),
        stands=r"er|bliver|står|lander|ligger|sker|går|skal nok",
        we_do=(
            r"skriver|ringer|svarer|sender|vender|kontakter|giver|opdaterer|følger|bestiller|betaler"
            r"|overfører|refunderer|tjekker|undersøger|finder|ordner|får|leverer|kommer|melder|tager"
            r"|skal nok|vil\b(?! gerne)|lover|bekræfter|afsender|løser|retter"
            r"|har (?:\w+ ){0,3}?(?:svar|nyt|klar|styr)"
        ),
        we_say=(
            r"skriver|ringer|svarer|vender|giver (?:\w+ ){0,3}?(?:besked|lyd)|opdaterer|melder|hører"
            r"|kontakter|bekræfter"
        ),
        joins=r"og|men|så(?! snart)|samt",
        below=(
            r"at|hvad|hvem|hvor|hvordan|hvornår|hvorfor|hvilken|hvilket|hvilke|som|fordi|for at"
            r"|selv om|selvom|når|hvis|dersom|medmindre|så snart"
        ),
        ifs=r"hvis|dersom|såfremt|medmindre",
        customers_part=(
            r"(?:du|i) (?:skal(?! nok)|må|bedes|bør|behøver|kan(?! (?:regne|forvente|bruge|se|finde"
            r"|følge)))|skal (?:du|i)(?! nok)|(?:kan|vil|gider|må|bedes) (?:du|i)\b(?! (?:regne"
            r"|forvente|bruge|se))|bedes|venligst|(?:beder|bede) (?:dig|jer)|brug for|(?:vi"
            r"|jeg) (?:behøver|mangler|afventer)|(?:vi|jeg) skal (?:\w+ )?(?:have|bruge|modtage)"
            r"|skal (?:vi|jeg) (?:\w+ )?(?:have|bruge|modtage)|vil (?:meget )?gerne (?:vide|høre|have"
            r"|se|modtage|bede)|hør(?:er)? (?:jeg|vi)(?!.*(?:skriver|ringer|svarer|sender|vender"
            r"|kontakter|følger) (?:jeg|vi))|høre fra (?:dig|jer)|glæder (?:mig|os)|skal \w+es\b"
            r"|skal være (?:os|hos os)|bør \w+es\b|betaling\w* (?:skal|er)"
        ),
        commands=(
            r"send|skriv|svar|ring|betal|returner|returnér|bekræft|giv|kontakt|hent|brug|vælg|husk"
            r"|lad|upload|udfyld|læg|meld|sig|prøv|aflever|indlever|kig|se|hold|vend"
        ),
        condition=(
            r"(?:hvis|når|såfremt|dersom|så snart|snart|i fald) (?:vi|jeg|du|i|vi har|jeg har|blot"
            r"|bare|pakken|varen|den|det)|(?:svarer|sender|siger|skriver|bekræfter|returnerer|betaler"
            r"|vælger|bestiller|giver|ringer|afleverer|indleverer) (?:du|i)\b|forudsat"
        ),
        condition_after=(
            r"(?:hvis|såfremt|dersom) (?:vi|jeg|du|i)\b|forudsat|(?:når|så snart|snart) (?:vi|du|i)\b"
        ),
        past=(
            r"blev|var|havde|skulle|fik|kom|gik|sendte|skrev|ringede|svarede|bestilte|betalte|modtog"
            r"|lovede|trak|leverede|afsendte|overførte|refunderede|oprettede|talte|sagde|ville|kunne"
            r"|er blevet|(?:har|er) (?:allerede |lige |nu |også |vi |jeg |du )*(?:sendt|afsendt"
            r"|skrevet|talt|ringet|bestilt|betalt|modtaget|fået|lovet|refunderet|overført|trukket"
            r"|hævet|leveret|afleveret|oprettet|været|gået|set|hørt)"
        ),
        future=r"(?!)",
        other_dates=(
            r"åbent?|åbner|åbningstid\w*|lukket?|lukker|lukkes|ferie\w*|ifølge (?:loven|reglerne)"
            r"|lov(?:en)?|\w+loven|\w*fortrydelses?ret\w*|fortryde\w*|\w*reklamationsret\w*"
            r"|returret\w*|garanti\w*|ret til|krav på|\w*frist(?:en|er)?|tilbuddet|kampagnen"
            r"|gælder (?:til|frem|kun|i|indtil)|gyldig\w*|udløber|black friday|udsalget"
            r"|konkurrence\w*|telefontid|træffes|bemandet"
        ),
        hedges=(
            r"håber|forhåbentlig\w*|forvente[rst]|ventes|formentlig|sandsynligvis|måske|normalt"
            r"|typisk|som regel|plejer|oftest|almindeligvis|prøver|forsøger|tror|regner (?:jeg|vi"
            r"|med)|(?:jeg|vi) regner|anslået|tidligst|kan (?:jeg|vi)|(?:jeg|vi) kan"
            r"|kan (?:desværre )?ikke|altid|generelt|satser|sigter|stiler"
        ),
        negations=r"ikke|aldrig|ingen",
        others_say=(
            r"(?:post ?nord|gls|dao|bring|dhl|ups|fedex|posten|fragtfirmaet|fragtmanden|transportøren"
            r"|leverandøren|banken|producenten) (?:\w+ ){0,2}?(?:siger|skriver|oplyser|melder|har"
            r"|regner|mener|forventer)|ifølge|(?:du|i) (?:skriver|skrev|siger|nævner|spørger"
            r"|fortæller|ønsker)|track ?(?:and|&) ?trace"
        ),
        money=(
            r"penge\w*|beløb\w*|kr|kroner|dkk|nok \d|\d+ ?nok|sek|eur|euro|refusion\w*|refunder\w*"
            r"|overfør\w*|udbetal\w*|frigiv\w*"
        ),
    ),
)
