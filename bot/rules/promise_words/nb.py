"""Norwegian Bokmål."""

from bot.rules.promise_words.shape import DayWords, PromiseWords, Vows

BOKMAAL = PromiseWords(
    DayWords(
        weekdays=("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
        months=(
            "januar|jan",
            "februar|feb",
            "mars|mar",
            "april|apr",
            "mai",
            "juni|jun",
            "juli|jul",
            "august|aug",
            "september|sept|sep",
            "oktober|okt",
            "november|nov",
            "desember|des",
        ),
        today=r"i ?dag",
        during_today=(
            r"senere i ?dag|i løpet av dagen|innen dagen er (?:omme|over|slutt)|før dagen er (?:omme"
            r"|over)|utpå dagen"
        ),
        tomorrow=r"i ?morgen|morgendagen|i ?morra",
        overmorrow=r"i ?overmorgen|overimorgen",
        morning=r"(?:i )?morgen(?:en)?|tidlig|formiddag(?:en)?",
        noon=r"(?:klokka |klokken |kl\.? ?)?tolv|lunsj|lunsjtider|middagstid",
        afternoon=r"(?:i )?ettermiddag(?:en)?",
        evening=r"(?:i )?kveld(?:en)?",
        closing=(
            r"(?:arbeids)?dagens slutt|arbeidsdagen er (?:over|omme|slutt)"
            r"|slutten av (?:arbeids)?dagen|stengetid"
        ),
        hours=r"timer?|time|t",
        days=r"dager|dag|døgn",
        business_days=r"(?:virke|arbeids|hver|bank|yrkes)(?:dager|dag)",
        weeks=r"uker|uke",
        months_long=r"måneder|måned",
        by=r"senest|innen(?: utgangen av| slutten av)?|ikke senere enn|før utgangen av",
        before=r"før|innen før",
        within=r"i løpet av|innen",
        after=r"om|senest om",
        at_the_latest=r"senest",
        next=r"neste",
        this=r"denne|førstkommende|nå på|på|kommende|til",
        this_week=(
            r"(?:i løpet av|i|senere i|innen) (?:denne uken|denne uka|uken|uka)|(?:denne uken"
            r"|denne uka)|(?:innen |før )?(?:utgangen av|slutten av) (?:denne )?(?:uken|uka)"
            r"|før (?:uken|uka) er (?:omme|over)|senere (?:i |denne )?(?:uken|uka)"
        ),
        next_week=(
            r"(?:i |i løpet av |senest |innen |innen utgangen av |slutten av )?(?:neste uke"
            r"|uken som kommer)"
        ),
        early_next_week=r"(?:i |på )?(?:begynnelsen|starten) av neste uke|tidlig neste uke",
        before_weekend=r"(?:innen|før) (?:helgen|helga)",
        after_weekend=r"(?:over|etter) (?:helgen|helga)",
        weekend=r"(?:i|i løpet av) (?:helgen|helga)",
        week_number=r"uke",
        month_end=(
            r"(?:innen |ved |før )?(?:månedsskiftet|utgangen av måneden|slutten av måneden"
            r"|månedens slutt)"
        ),
        clock=r"klokken|klokka|kl\.?",
        glue=r"den|d|på|om|i|klokken|klokka|kl\.?",
        between=r"og|eller|til|-|–",
        not_a_deadline=(
            r"fra(?: og med)?|siden|etter|hver|sist|forrige|til og med|frem til|fram til|inntil"
            r"|tidligst|pr\.?|på en|en|(?<!løpet )(?<!slutten )(?<!utgangen )av"
        ),
        counted_from=r"etter|fra|siden|regnet",
    ),
    Vows(
        we=r"jeg|vi",
        you_get=(
            r"(?:du|dere|de) (?:har|får|hører|mottar|kan (?:regne|forvente|bruke)|vil (?:ha|få|høre"
            r"|motta|kunne)|skal (?:få|høre)|skal nok (?:få|høre|ha))|(?:har|får|hører|mottar) (?:du"
            r"|dere)\b|kan (?:du|dere) (?:regne|forvente|bruke)|skal (?:du|dere) (?:nok )?(?:få|høre)"
        ),
        comes=(
            r"kommer|ankommer|blir (?:\w+ ){0,3}?(?:sendt|levert|overført|refundert|frigitt|betalt"
            r"|utbetalt|ordnet|løst|rettet|klar)|sendes|leveres|overføres|refunderes|utbetales|frigis"
            r"|(?:er|ligger|står) (?:\w+ ){0,2}?(?:hos deg|hos dere|fremme|framme|tilbake|på kontoen"
            r"|klar|klart|på plass|ledige?)|vil (?:\w+ ){0,2}?(?:være|bli|komme|ligge|stå|ankomme)"
        ),
        stands=r"er|blir|står|lander|ligger|skjer|går|skal nok",
        we_do=(
            r"skriver|ringer|svarer|sender|kommer|kontakter|gir|oppdaterer|følger|bestiller|betaler"
            r"|overfører|refunderer|sjekker|undersøker|finner|ordner|får|leverer|melder|tar"
            r"|skal(?! ha)|vil\b(?! gjerne)|lover|bekrefter|løser|retter|hører"
            r"|har (?:\w+ ){0,3}?(?:svar|nytt|klar)"
        ),
        we_say=(
            r"skriver|ringer|svarer|kommer tilbake|kommer (?:\w+ )?med|gir (?:\w+ ){0,3}?(?:beskjed"
            r"|lyd)|oppdaterer|melder|hører|kontakter|bekrefter"
        ),
        joins=r"og|men|så(?! snart)|samt",
        below=(
            r"at|hva|hvem|hvor|hvordan|hvorfor|hvilken|hvilket|hvilke|som|fordi|for å|om (?:hva|hvem"
            r"|hvor|hvordan|hvilken|at)|selv om|når|hvis|dersom|med mindre|så snart"
        ),
        ifs=r"hvis|dersom|med mindre|om (?:du|dere|vi)",
        customers_part=(
            r"(?:du|dere) (?:skal(?! (?:nok|få|høre))|må|bes|bør|trenger|behøver|kan(?! (?:regne"
            r"|forvente|bruke|se|finne|følge)))|skal (?:du|dere)(?! (?:nok|få|høre))|må (?:du|dere)"
            r"|(?:kan|vil|bes|bør) (?:du|dere)\b(?! (?:regne|forvente|bruke|se))|vennligst|(?:ber"
            r"|be) (?:deg|dere)|(?:jeg|vi) (?:trenger|behøver|må (?:\w+ )?(?:ha|få|motta)"
            r"|skal (?:\w+ )?ha)|må (?:jeg|vi) (?:\w+ )?(?:ha|få|motta)|trenger (?:jeg|vi)"
            r"|vil (?:veldig )?gjerne (?:vite|høre|ha|se|motta|be)|hører (?:jeg|vi)(?!.*(?:skriver"
            r"|ringer|svarer|sender|kommer|kontakter|følger) (?:jeg|vi))|høre fra (?:deg|dere)"
            r"|gleder (?:meg|oss)|(?:må|skal|bør) \w+es\b|må være (?:oss|hos oss)"
        ),
        commands=(
            r"send|skriv|svar|ring|betal|returner|bekreft|gi|kontakt|hent|bruk|velg|husk|la|last|fyll"
            r"|legg|meld|si|prøv|lever|se|hold|ta"
        ),
        condition=(
            r"(?:hvis|når|dersom|så snart|snart|om) (?:vi|jeg|du|dere|bare|pakken|varen|den|det)"
            r"|(?:svarer|sender|sier|skriver|bekrefter|returnerer|betaler|velger|bestiller|gir|ringer"
            r"|leverer) (?:du|dere)\b|forutsatt"
        ),
        condition_after=(
            r"(?:hvis|dersom) (?:vi|jeg|du|dere)\b|forutsatt|(?:så snart|snart) (?:vi|du|dere)\b"
        ),
        past=(
            r"ble|var|hadde|skulle|fikk|kom|gikk|sendte|skrev|ringte|svarte|bestilte|betalte|mottok"
            r"|lovet|lovte|trakk|leverte|overførte|refunderte|opprettet|snakket|sa|ville|kunne"
            r"|er blitt|har blitt|(?:har|er) (?:allerede |nettopp |nå |også |vi |jeg |du )*(?:sendt"
            r"|skrevet|snakket|ringt|bestilt|betalt|mottatt|fått|lovet|lovt|refundert|overført"
            r"|trukket|belastet|levert|opprettet|vært|gått|sett|hørt)"
        ),
        future=r"(?!)",
        other_dates=(
            r"åpent?|åpner|åpningstid\w*|stengt|stenger|ferie\w*|ifølge (?:loven|reglene)|loven"
            r"|\w+loven|\w*angrerett\w*|angrefrist\w*|angre\w*|\w*reklamasjonsrett\w*|returrett\w*"
            r"|garanti\w*|rett til|krav på|\w*frist(?:en|er)?|tilbudet|kampanjen|gjelder (?:til|fram"
            r"|frem|kun|i|ut)|gyldig\w*|utløper|black friday|salget|konkurranse\w*|telefontid|bemannet"
        ),
        hedges=(
            r"håper|forhåpentlig\w*|forvente[rst]|ventes|antakelig|antagelig|sannsynligvis|trolig"
            r"|kanskje|normalt|vanligvis|typisk|som regel|pleier|oftest|prøver|forsøker|tror"
            r"|regner (?:jeg|vi|med)|(?:jeg|vi) regner|anslått|tidligst|kan (?:jeg|vi)|(?:jeg|vi) kan"
            r"|kan (?:dessverre )?ikke|alltid|generelt|satser|sikter"
        ),
        negations=r"ikke|aldri|ingen",
        others_say=(
            r"(?:post ?nord|gls|bring|dhl|ups|fedex|posten|helthjem|budbilen|transportøren"
            r"|leverandøren|banken|produsenten) (?:\w+ ){0,2}?(?:sier|skriver|opplyser|melder|har"
            r"|regner|mener|forventer)|ifølge|(?:du|dere) (?:skriver|skrev|sier|nevner|spør|forteller"
            r"|ønsker)|sporingen"
        ),
        money=(
            r"penge\w*|beløp\w*|kr|kroner|dkk|nok \d|\d+ ?nok|sek|eur|euro|refusjon\w*|refunder\w*"
            r"|overfør\w*|utbetal\w*|frigi\w*"
        ),
    ),
)
