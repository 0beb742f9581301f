"""Norwegian Nynorsk."""

from bot.rules.promise_words.shape import DayWords, PromiseWords, Vows

NYNORSK = PromiseWords(
    DayWords(
        weekdays=("m[åa]ndag", "t[iy]sdag", "onsdag", "torsdag", "fredag", "laurdag", "s[øu]ndag|sundag"),
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
            r"seinare i ?dag|i løpet av dagen|innan dagen er (?:omme|over|slutt)|før dagen er (?:omme"
            r"|over)|utpå dagen"
        ),
        tomorrow=r"i ?morgon|morgondagen",
        overmorrow=r"i ?overmorgon|overimorgon",
        morning=r"(?:i )?morgon(?:en)?|tidleg|føremiddag(?:en)?|formiddag(?:en)?",
        noon=r"(?:klokka |kl\.? ?)?tolv|lunsj|middagstid",
        afternoon=r"(?:i )?ettermiddag(?:en)?",
        evening=r"(?:i )?kveld(?:en)?",
        closing=(
            r"(?:arbeids)?dagens slutt|arbeidsdagen er (?:over|omme|slutt)"
            r"|slutten av (?:arbeids)?dagen|stengetid"
        ),
        hours=r"timar|time|t",
        days=r"dagar|dag|døgn",
        business_days=r"(?:yrke|verke|virke|arbeids|kvar|bank|yrkes)(?:dagar|dag)",
        weeks=r"veker|veke|vekar",
        months_long=r"månader|månad",
        by=r"seinast|innan(?: utgangen av| slutten av)?|ikkje seinare enn|før utgangen av|senast",
        before=r"før",
        within=r"i løpet av|innan|innanfor",
        after=r"om|seinast om",
        at_the_latest=r"seinast|senast",
        next=r"neste",
        this=r"denne|førstkomande|no på|på|komande|til",
        this_week=(
            r"(?:i løpet av|i|seinare i|innan) (?:denne veka|veka)|denne veka|(?:innan "
            r"|før )?(?:utgangen av|slutten av) (?:denne )?veka|før veka er (?:omme|over)"
            r"|seinare (?:i |denne )?veka"
        ),
        next_week=(
            r"(?:i |i løpet av |seinast |innan |innan utgangen av |slutten av )?(?:neste veke"
            r"|veka som kjem)"
        ),
        early_next_week=r"(?:i |på )?(?:byrjinga|starten) av neste veke|tidleg neste veke",
        before_weekend=r"(?:innan|før) (?:helga|helgen)",
        after_weekend=r"(?:over|etter) (?:helga|helgen)",
        weekend=r"(?:i|i løpet av) (?:helga|helgen)",
        week_number=r"veke",
        month_end=r"(?:innan |ved |før )?(?:månadsskiftet|utgangen av månaden|slutten av månaden)",
        clock=r"klokka|klokken|kl\.?",
        glue=r"den|d|på|om|i|klokka|klokken|kl\.?",
        between=r"og|eller|til|-|–",
        not_a_deadline=(
            r"frå(?: og med)?|sidan|etter|kvar|sist|førre|til og med|fram til|inntil|tidlegast|pr\.?"
            r"|på ein|ein|(?<!løpet )(?<!slutten )(?<!utgangen )av"
        ),
        counted_from=r"etter|frå|sidan|rekna",
    ),
    Vows(
        we=r"eg|vi|me",
        you_get=(
            r"(?:du|de|dykk) (?:har|får|høyrer|mottek|kan (?:rekne|vente|bruke)|vil (?:ha|få|høyre"
            r"|kunne)|skal (?:nok )?(?:få|høyre|ha))|(?:har|får|høyrer|mottek) (?:du|de)\b|kan (?:du"
            r"|de) (?:rekne|vente|bruke)|skal (?:du|de) (?:nok )?(?:få|høyre)"
        ),
        comes=(
            r"kjem|kjem fram|(?:blir|vert) (?:\w+ ){0,3}?(?:send|sendt|levert|overført|refundert"
            r"|frigjeve|frigitt|betalt|utbetalt|ordna|løyst|retta|klar)|(?:er|ligg"
            r"|står) (?:\w+ ){0,2}?(?:hos deg|hos dykk|framme|tilbake|attende|på kontoen|klar|klart"
            r"|på plass|ledige?)|vil (?:\w+ ){0,2}?(?:vere|bli|verte|kome|komme|liggje|stå)"
        ),
        stands=r"er|blir|vert|står|landar|ligg|skjer|går|skal nok",
        we_do=(
            r"skriv|ringer|svarar|svarer|sender|kjem|kontaktar|gir|gjev|oppdaterer|følgjer|bestiller"
            r"|betaler|betalar|overfører|refunderer|sjekkar|undersøkjer|undersøker|finn|ordnar|får"
            r"|leverer|melder|tek|tar|skal(?! ha)|vil\b(?! gjerne)|lovar|lover|stadfestar|løyser"
            r"|rettar|høyrer|har (?:\w+ ){0,3}?(?:svar|nytt|klar)"
        ),
        we_say=(
            r"skriv|ringer|svarar|svarer|kjem (?:attende|tilbake)|kjem (?:\w+ )?med|(?:gir"
            r"|gjev) (?:\w+ ){0,3}?(?:beskjed|lyd)|oppdaterer|melder|høyrer|kontaktar|stadfestar"
        ),
        joins=r"og|men|så(?! snart)|samt",
        below=(
            r"at|kva|kven|kvar|korleis|kvifor|kva for|som|fordi|for å|om (?:kva|kven|kvar|korleis|at)"
            r"|sjølv om|når|viss|dersom|med mindre|så snart"
        ),
        ifs=r"viss|dersom|med mindre|om (?:du|de|vi)",
        customers_part=(
            r"(?:du|de) (?:skal(?! (?:nok|få|høyre))|må|bør|treng|kan(?! (?:rekne|vente|bruke|sjå"
            r"|finne|følgje)))|skal (?:du|de)(?! (?:nok|få|høyre))|må (?:du|de)|(?:kan|vil|bør) (?:du"
            r"|de)\b(?! (?:rekne|vente|bruke|sjå))|ver venleg|ver snill|(?:ber|be) (?:deg|dykk)|(?:eg"
            r"|vi|me) (?:treng|må (?:\w+ )?(?:ha|få)|skal (?:\w+ )?ha)|må (?:eg|vi|me) (?:\w+ )?(?:ha"
            r"|få)|treng (?:eg|vi|me)|vil (?:svært )?gjerne (?:vite|høyre|ha|sjå|be)|høyrer (?:eg|vi"
            r"|me)(?!.*(?:skriv|ringer|svarar|sender|kjem|kontaktar|følgjer) (?:eg|vi|me))"
            r"|høyre frå (?:deg|dykk)|gler (?:meg|oss)|(?:må|skal|bør) \w+ast\b|må vere (?:oss"
            r"|hos oss)"
        ),
        commands=(
            r"send|skriv (?:til oss|attende|tilbake)|svar|ring|betal|returner|stadfest|gje|gi|kontakt"
            r"|hent|bruk|vel|hugs|la|last|fyll|legg|meld|sei|prøv|lever|sjå|hald|ta"
        ),
        condition=(
            r"(?:viss|når|dersom|så snart|snart|om) (?:vi|me|eg|du|de|berre|pakka|vara|den|det)"
            r"|(?:svarar|svarer|sender|seier|skriv|stadfestar|returnerer|betaler|vel|bestiller|gir"
            r"|ringer|leverer) (?:du|de)\b|føresett"
        ),
        condition_after=(
            r"(?:viss|dersom) (?:vi|me|eg|du|de)\b|føresett|(?:så snart|snart) (?:vi|me|du|de)\b"
        ),
        past=(
            r"vart|blei|ble|var|hadde|skulle|fekk|kom|gjekk|(?<!skal )(?<!å )(?<!vil )sende|sendte"
            r"|skreiv|ringde|ringte|svara|bestilte|betalte|mottok|lova|lovde|trekte|leverte|overførte"
            r"|refunderte|snakka|sa|ville|kunne|er (?:blitt|vorte)|har (?:blitt|vorte)|(?:har"
            r"|er) (?:allereie |alt |nett |no |òg |også |vi |eg |du )*(?:send|sendt|skrive|snakka"
            r"|ringt|bestilt|betalt|motteke|fått|lova|refundert|overført|trekt|levert|oppretta|vore"
            r"|gått|sett|høyrt)"
        ),
        future=r"(?!)",
        other_dates=(
            r"ope|opnar|opningstid\w*|stengt|stenger|ferie\w*|ifølgje (?:lova|reglane)|lova gir"
            r"|\w+lova|\w*angrerett\w*|angrefrist\w*|angre\w*|\w*reklamasjonsrett\w*|returrett\w*"
            r"|garanti\w*|rett til|krav på|\w*frist(?:en|ar)?|tilbodet|kampanjen|gjeld (?:til|fram"
            r"|berre|i|ut)|gyldig\w*|går ut|black friday|salet|konkurranse\w*|telefontid|bemanna"
        ),
        hedges=(
            r"håper|håpar|vonar|forhåpentleg\w*|ventar|venta|truleg|sannsynlegvis|kanskje|normalt"
            r"|vanlegvis|typisk|som regel|pleier|oftast|prøver|forsøkjer|trur|reknar (?:eg|vi|me|med)"
            r"|(?:eg|vi|me) reknar|tidlegast|kan (?:eg|vi|me)|(?:eg|vi|me) kan|kan (?:diverre )?ikkje"
            r"|alltid|generelt|satsar|siktar"
        ),
        negations=r"ikkje|aldri|ingen",
        others_say=(
            r"(?:post ?nord|gls|bring|dhl|ups|fedex|posten|helthjem|transportøren|leverandøren|banken"
            r"|produsenten) (?:\w+ ){0,2}?(?:seier|skriv|opplyser|melder|har|reknar|meiner|ventar)"
            r"|ifølgje|(?:du|de) (?:skriv|skreiv|seier|nemner|spør|fortel|ønskjer)|sporinga"
        ),
        money=(
            r"pengar\w*|pengane|beløp\w*|kr|kroner|dkk|nok \d|\d+ ?nok|sek|eur|euro|refusjon\w*"
            r"|refunder\w*|overfør\w*|utbetal\w*|frigje\w*"
        ),
    ),
)
