"""English."""

from bot.rules.promise_words.shape import DayWords, PromiseWords, Vows

ENGLISH = PromiseWords(
    DayWords(
        weekdays=(
            "monday|mon",
            "tuesday|tues|tue",
            "wednesday|wed",
            "thursday|thurs|thur|thu",
            "friday|fri",
            "saturday",
            "sunday",
        ),
        months=(
            "january|jan",
            "february|feb",
            "march|mar",
            "april|apr",
            "may",
            "june|jun",
            "july|jul",
            "august|aug",
            "september|sept|sep",
            "october|oct",
            "november|nov",
            "december|dec",
        ),
        today=r"today",
        during_today=(
            r"later today|during the day|in the course of the day|before the day is (?:over|out)"
            r"|by tonight"
        ),
        tomorrow=r"tomorrow",
        overmorrow=r"the day after tomorrow",
        morning=r"(?:in the )?morning|first thing",
        noon=r"noon|midday|twelve(?: o['’]clock)?|lunch(?:time)?",
        afternoon=r"(?:in the |this )?afternoon",
        evening=r"(?:in the |this )?evening|tonight",
        closing=(
            r"(?:the )?end of (?:the |business |the business |the working )?day"
            r"|(?:the )?close of (?:business|play)|closing time|eod|cob"
        ),
        hours=r"hours?|hrs?",
        days=r"days?",
        business_days=r"(?:business|working|work|bank|banking) days?",
        weeks=r"weeks?",
        months_long=r"months?",
        by=r"by(?: the end of)?|(?:no|not) later than|at the latest by|before the end of|latest",
        before=r"before|ahead of",
        within=r"within|inside|in the course of|during|over the course of|in under|in less than",
        after=r"in",
        at_the_latest=r"at the (?:very )?latest|latest",
        next=r"next",
        this=r"this|this coming|coming|on|the coming",
        this_week=(
            r"(?:by |before |at |later |within |during |in the course of )?(?:the end of (?:this"
            r"|the) week|this week|the week is out)|within the week|end of week"
        ),
        next_week=r"(?:by |before |at |during |in the course of |within )?(?:the end of )?next week",
        early_next_week=r"(?:early next week|(?:at |by )?(?:the )?(?:start|beginning) of next week)",
        before_weekend=r"before the weekend",
        after_weekend=r"after the weekend",
        weekend=r"(?:over|during|at|this|by) the weekend|this weekend",
        week_number=r"week",
        month_end=r"(?:by |before |at )?(?:the )?end of (?:the|this) month|month[- ]end",
        clock=r"at",
        glue=r"the|on|at|in|of|this",
        between=r"and|or|to|-|–",
        not_a_deadline=r"from|since|after|every|each|last|until|till|through|as of|earliest|a|one|past",
        counted_from=r"after|from|of (?:receiv|order|purchas|deliver|the )\w*|following|since|once",
    ),
    Vows(
        we=r"i|we|i['’](?:ll|m)|we['’](?:ll|re)",
        you_get=(
            r"you(?:['’]ll| will| can| shall)? (?:also |then )?(?:have|get|hear|receive|be hearing"
            r"|expect|count on|use|be able)|will you (?:have|get|hear|receive)|you['’]re getting"
        ),
        comes=(
            r"(?:will|(?:i|we|you|it|they|that|he|she|there)['’]ll|is going to"
            r"|are going to) (?:\w+ ){0,2}?(?:be|arrive|reach|leave|ship|come|go|land|get)|(?:is"
            r"|are) (?:being )?(?:sent|shipped|delivered|refunded|paid|released|due to (?:arrive"
            r"|leave|ship))|(?:(?:the|your) new (?:date|day) is|arrives?|ships?|leaves?|comes?)|(?:is"
            r"|are) (?:\w+ )?(?:with you|back with you|on its way to you)"
        ),
        stands=r"will|(?:i|we|you|it|they|that|he|she|there)['’]ll|is|are|be|shall",
        we_do=(
            r"will|(?:i|we)['’]ll|shall|am|i['’]m|are|we['’]re|promise|send|write|call|ring|get back"
            r"|have (?:\w+ ){0,3}?(?:answer|news|ready)|update|let you know"
        ),
        we_say=(
            r"write|call|ring|get back|come back to|let you know|answer|reply|update|follow up"
            r"|be in touch|hear|e-?mail|contact|confirm|tell you"
        ),
        joins=r"and|but|so(?! that)|then",
        below=(
            r"that|what|which|where|how|why|when|who|because|so that|even if|even though|although|if"
            r"|once|as soon as|unless|provided|to (?:tell|let|see|say|explain|ask)"
        ),
        ifs=r"if|unless|should|once|as soon as|provided",
        customers_part=(
            r"you (?:must|need|should|may|have to|had better|can(?! (?:expect|count|use|see|have"
            r"|get))|could|ought)|(?:can|could|would|will|may) you\b(?! (?:have|get|hear|receive))"
            r"|please|(?:i|we) (?:need|require|must (?:have|receive|get)|would like|['’]d like)|(?:i"
            r"|we)['’]d like|ask(?:ing)? you|need you|(?:hear|heard) (?:back )?from you|want you"
            r"|your (?:reply|answer|response|payment)|look(?:ing)? forward|(?:must|has to|have to"
            r"|needs? to|should) be|(?:is|are|falls) due\b(?! to)|payable|let (?:me|us) know"
        ),
        commands=(
            r"send|write|reply|answer|call|pay|return|confirm|give|contact|collect|pick|use|choose"
            r"|remember|make|keep|fill|upload|tell|get back|try|check|hand|drop|wait|just"
        ),
        condition=(
            r"(?:if|when|once|as soon as|provided|unless|should) (?:that )?(?:you|your|we (?:have"
            r"|receive|get|hear)|i (?:have|receive|get)|the (?:parcel|item|return|payment))|provided"
            r"|subject to|assuming"
        ),
        condition_after=(
            r"(?:if|once|as soon as|provided|unless|when) (?:that )?(?:you|your|we)\b|provided"
            r"|subject to|assuming"
        ),
        past=(
            r"was|were|had|did|been|should have|would have|promised|told|said|asked|wrote|called|went"
            r"|came|got|received|ordered|bought|arrived|(?<!be )(?<!is )(?<!are )(?<!being )(?:sent"
            r"|shipped|delivered|paid|refunded|left|charged)"
        ),
        future=r"will|(?:i|we|you|it|they|that|he|she|there)['’]ll|going to|shall",
        other_dates=(
            r"open|opens|opening hours|closed|closes|close for|holidays?|on leave|vacation"
            r"|office hours|by law|the law|law|statutory|legal(?:ly)?|entitled|(?:the|a"
            r"|your) right to|warranty|(?:the|your) guarantee|the deadline|the offer|the sale"
            r"|the campaign|valid|expires?|expiry|black friday|cooling[- ]off|phone lines|staffed"
        ),
        hedges=(
            r"hope|hopefully|hoping|expect(?:ing|ed|s)?(?<!you can expect)|probably|perhaps|maybe"
            r"|might|should(?! have)|usually|normally|typically|generally|always|try|trying|think"
            r"|believe|guess|aim|aiming|estimated|earliest|(?:i|we) (?:can|could|may|might)|can['’]t"
            r"|cannot|can not|unable|not able|as a rule|likely|in most cases"
        ),
        negations=r"not|never|no(?! later)|\w+n['’]t",
        others_say=(
            r"(?:post ?nord|gls|dhl|ups|fedex|bring|posten|royal mail|(?:the )?(?:carrier|courier"
            r"|supplier|bank|manufacturer|warehouse)) (?:\w+ ){0,2}?(?:says|said|tells|writes|reports"
            r"|expects|has|have|estimates)|according to|you (?:say|said|write|wrote|mention|mentioned"
            r"|ask|asked|tell|told|want|wanted)|tracking"
        ),
        money=(
            r"money|amount|refund\w*|paid|pay|payment|dkk|nok \d|\d+ ?nok|sek|eur|euros?|kr|gbp|usd"
            r"|releas\w*"
        ),
    ),
)
