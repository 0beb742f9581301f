"""Swedish."""

from bot.rules.promise_words.shape import DayWords, PromiseWords, Vows

SWEDISH = PromiseWords(
    DayWords(
        weekdays=("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
        months=(
            "januari|jan",
            "februari|feb",
            "mars|mar",
            "april|apr",
            "maj",
            "juni|jun",
            "juli|jul",
            "augusti|aug",
            "september|sept|sep",
            "oktober|okt",
            "november|nov",
            "december|dec",
        ),
        today=r"i ?dag",
        during_today=r"senare i ?dag|under dagen|innan dagen är (?:slut|över)|före dagens slut|inom dagen",
        tomorrow=r"i ?morgon|i ?morron|morgondagen",
        overmorrow=r"i ?övermorgon",
        morning=r"(?:på )?(?:morgonen|förmiddagen)|bitti|tidigt|förmiddag|(?<=dag )morgon",
        noon=r"(?:klockan |kl\.? ?)?tolv|lunch(?:tid)?|mitt på dagen",
        afternoon=r"(?:på )?eftermiddag(?:en)?|i eftermiddag",
        evening=r"(?:på |i )?kväll(?:en)?",
        closing=r"(?:arbets)?dagens slut|arbetsdagen är slut|slutet av (?:arbets)?dagen|stängningsdags",
        hours=r"timmar|timme|timma|h",
        days=r"dagar|dag|dygn",
        business_days=r"(?:arbets|var|bank|helgfria )(?:dagar|dag)",
        weeks=r"veckor|vecka",
        months_long=r"månader|månad",
        by=r"senast|inte senare än|före utgången av|innan slutet av|till",
        before=r"innan|före",
        within=r"inom loppet av|inom|under",
        after=r"om|senast om",
        at_the_latest=r"senast",
        next=r"nästa|nästkommande",
        this=r"nu på|på|denna|kommande|den här",
        this_week=(
            r"(?:under|senare|i slutet av|före slutet av|innan slutet av)? ?(?:den här veckan"
            r"|denna vecka|i veckan)|under veckan|(?:före |innan |i )?(?:slutet av veckan"
            r"|veckans slut|veckoslutet)|innan veckan är slut|senare i veckan"
        ),
        next_week=r"(?:under |i |senast |i slutet av |före slutet av )?(?:nästa vecka|kommande vecka)",
        early_next_week=r"(?:i )?(?:början av|början på|inledningen av) nästa vecka|tidigt nästa vecka",
        before_weekend=r"(?:innan|före) helgen",
        after_weekend=r"efter helgen",
        weekend=r"(?:i|under) helgen",
        week_number=r"vecka|v\.",
        month_end=(
            r"(?:i |före |innan |vid )?(?:månadsskiftet|slutet av månaden|slutet på månaden"
            r"|månadens slut|månadens utgång)"
        ),
        clock=r"klockan|kl\.?",
        glue=r"den|d|på|om|i|klockan|kl\.?",
        between=r"och|eller|till|-|–",
        not_a_deadline=(
            r"från(?: och med)?|sedan|sen|efter|varje|förra|till och med|fram till|tills|tidigast|per"
            r"|på en|en|(?<!loppet )(?<!slutet )(?<!utgången )av|i"
        ),
        counted_from=r"efter|från|sedan|räknat",
    ),
    Vows(
        we=r"jag|vi",
        you_get=(
            r"(?:du|ni) (?:har|får|hör|mottar|kan (?:räkna|förvänta|använda|vänta)"
            r"|kommer (?:att )?(?:ha|få|höra|kunna)|ska (?:nog )?(?:få|höra|ha))|(?:har|får|hör"
            r"|mottar) (?:du|ni)\b|kan (?:du|ni) (?:räkna|förvänta|använda)|ska (?:du|ni) få"
            r"|kommer (?:du|ni) att (?:ha|få|höra)"
        ),
        comes=(
            r"kommer|anländer|blir (?:\w+ ){0,3}?(?:skickad|skickat|levererad|levererat|klar|klart"
            r"|löst|ordnat|betald|utbetald|frigjord)|(?:av)?skickas|levereras|överförs|återbetalas"
            r"|utbetalas|betalas|sätts in|frigörs|(?:är|finns|ligger|står) (?:\w+ ){0,2}?(?:hos dig"
            r"|hos er|framme|tillbaka|på ditt konto|på kontot|klart?|på plats|tillgängliga?)"
            r"|kommer att (?:\w+ )?(?:vara|bli|finnas|skickas|levereras)"
        ),
        stands=r"är|blir|står|finns|ligger|sker|går|landar",
        we_do=(
            r"skriver|ringer|svarar|skickar|återkommer|hör av|kontaktar|ger|meddelar|uppdaterar"
            r"|följer|beställer|betalar|överför|återbetalar|kollar|undersöker|hittar|ordnar|får"
            r"|levererar|tar|ska(?! ha)|kommer att|lovar|bekräftar|löser|rättar|mejlar|mailar"
            r"|har (?:\w+ ){0,3}?(?:svar|nytt|klart)"
        ),
        we_say=(
            r"skriver|ringer|svarar|återkommer|hör av|meddelar|ger (?:\w+ ){0,3}?besked|uppdaterar"
            r"|kontaktar|mejlar|mailar|bekräftar"
        ),
        joins=r"och|men|så(?! snart| fort)|samt",
        below=(
            r"att|vad|vem|var|hur|varför|vilken|vilket|vilka|som|eftersom|för att|om (?:vad|vem|hur"
            r"|vilken|att)|även om|när|ifall|så snart|så fort"
        ),
        ifs=r"om (?:du|ni|vi|paketet|varan|den|det)|ifall|såvida",
        customers_part=(
            r"(?:du|ni) (?:ska(?! (?:nog|få|höra))|måste|bör|behöver|kan(?! (?:räkna|förvänta|använda"
            r"|vänta|se|följa)))|ska (?:du|ni)(?! (?:nog|få|höra))|måste (?:du|ni)|(?:kan|vill"
            r"|bör) (?:du|ni)\b(?! (?:räkna|förvänta|använda))|vänligen|var snäll|(?:ber|be) (?:dig"
            r"|er)|(?:jag|vi) (?:behöver|måste (?:\w+ )?(?:ha|få)|ska (?:\w+ )?ha"
            r"|vill (?:gärna )?(?:veta|höra|ha|se|be))|måste (?:jag|vi) (?:\w+ )?(?:ha|få)"
            r"|behöver (?:jag|vi)|vill (?:jag|vi) (?:gärna )?(?:veta|höra|ha|se)|hör (?:jag"
            r"|vi)(?!.*(?:skriver|ringer|svarar|skickar|återkommer|hör|kontaktar|följer) (?:jag|vi))"
            r"|höra från (?:dig|er)|ser fram emot|(?:ska|måste|bör) \w+as\b|(?:ska|måste) vara (?:oss"
            r"|hos oss)|hör av dig"
        ),
        commands=(
            r"skicka|skriv|svara|ring|betala|returnera|bekräfta|ge|kontakta|hämta|använd|välj"
            r"|kom ihåg|låt|ladda|fyll|lägg|meddela|säg|prova|pröva|lämna|titta|se|håll|ta|hör av dig"
        ),
        condition=(
            r"(?:om|när|ifall|så snart|snart|så fort|fort) (?:vi|jag|du|ni|bara|paketet|varan|den"
            r"|det)|(?:svarar|skickar|säger|skriver|bekräftar|returnerar|betalar|väljer|beställer|ger"
            r"|ringer|lämnar) (?:du|ni)\b|förutsatt"
        ),
        condition_after=(
            r"(?:om|ifall) (?:du|ni)\b|förutsatt|(?:när|så snart|så fort|fort|snart) (?:vi|du|ni)\b"
        ),
        past=(
            r"blev|var|hade|skulle|fick|kom|gick|skickade|skickades|skrev|ringde|svarade|beställde"
            r"|betalade|tog emot|lovade|drog|levererade|levererades|överförde|återbetalade|pratade|sa"
            r"|sade|ville|kunde|har blivit|(?:har|är) (?:redan |precis |nu |också |vi |jag "
            r"|du )*(?:skickat|skickad|skrivit|pratat|ringt|beställt|betalat|fått|lovat|återbetalat"
            r"|överfört|dragit|levererat|levererad|varit|gått|sett|hört|mottagit|tagit emot)"
        ),
        future=r"(?!)",
        other_dates=(
            r"öppet|öppen|öppnar|öppettid\w*|stängt|stänger|stängd\w*|semester\w*|enligt (?:lag|lagen"
            r"|reglerna)|lagen|\w+lagen|\w*ångerrätt\w*|ångerfrist\w*|ångra\w*|\w*reklamationsrätt\w*"
            r"|returrätt\w*|garanti\w*|rätt till|rätt att|\w*frist(?:en|er)?|erbjudandet|kampanjen"
            r"|gäller (?:till|fram|endast|bara|i)|giltig\w*|går ut|black friday|rean?|tävling\w*"
            r"|telefontid\w*|bemannad"
        ),
        hedges=(
            r"hoppas|förhoppningsvis|förväntas|väntas|förväntar|beräknas|troligen|troligtvis"
            r"|antagligen|sannolikt|kanske|normalt|vanligtvis|oftast|brukar|i regel|försöker"
            r"|ska försöka|tror|räknar (?:jag|vi|med)|(?:jag|vi) räknar|tidigast|kan (?:jag|vi)"
            r"|(?:jag|vi) kan|kan (?:tyvärr )?inte|alltid|generellt|siktar|hinner inte|beräknad"
        ),
        negations=r"inte|aldrig|ingen",
        others_say=(
            r"(?:post ?nord|gls|dhl|ups|fedex|bring|budbee|instabox|schenker|posten|transportören"
            r"|fraktbolaget|leverantören|banken|tillverkaren) (?:\w+ ){0,2}?(?:säger|skriver|uppger"
            r"|meddelar|har|räknar|menar|förväntar)|enligt|(?:du|ni) (?:skriver|skrev|säger|nämner"
            r"|frågar|berättar|önskar)|spårningen"
        ),
        money=(
            r"pengar\w*|belopp\w*|kr|kronor|dkk|nok \d|\d+ ?nok|sek|eur|euro|återbetal\w*|överför\w*"
            r"|utbetal\w*|frigör\w*"
        ),
    ),
)
