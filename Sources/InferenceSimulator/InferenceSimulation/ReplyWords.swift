/// The words and sentence patterns of the simulator's replies: short reviews of nothing in particular.
enum ReplyWords {
    /// What stands for `{name}` in a pattern. All begin with a consonant, so that "a" fits before each of them.
    static let slots: [String: [String]] = [
        "part": [
            "battery", "handle", "fabric", "finish", "screen", "lid", "strap", "zipper", "motor", "manual", "colour",
            "packaging", "base", "cable", "hinge", "cover", "frame", "surface", "button", "design", "sound", "texture",
            "filter", "stand", "lining", "grip", "dial", "blade", "seat", "mount",
        ],
        "adjective": [
            "sturdy", "light", "smooth", "reliable", "comfortable", "solid", "simple", "practical", "quiet", "soft",
            "durable", "bright", "compact", "flexible", "pleasant", "sharp", "warm", "generous", "tidy", "balanced",
            "clever", "handsome", "robust", "well-made", "thoughtful", "dependable",
        ],
        "adverb": [
            "well", "quickly", "nicely", "quietly", "reliably", "smoothly", "perfectly", "daily", "safely",
            "gently", "firmly", "neatly", "flawlessly",
        ],
        "person": [
            "sister", "brother", "neighbour", "daughter", "son", "partner", "colleague", "friend", "mother", "father",
            "cousin", "roommate",
        ],
        "time": ["week", "month", "year", "weekend", "summer", "winter", "season", "fortnight"],
        "place": [
            "kitchen", "garden", "workshop", "bedroom", "car", "studio", "classroom", "hallway", "garage", "tent",
            "cabin", "balcony",
        ],
        "flaw": [
            "price", "smell", "delivery", "weight", "wrapping", "label", "noise", "setup", "shade", "cord", "size",
            "paperwork",
        ],
        "mood": ["happy", "pleased", "satisfied", "delighted", "surprised", "relieved", "glad", "content"],
    ]

    /// Sentences by their number of words, at least one for each number from 1 to `longest`, so that a reply can have
    /// exactly as many words as were asked for.
    static let patterns = [
        "Recommended.", "Wonderful.",
        "Highly recommended.", "Truly {adjective}.", "Works {adverb}.",
        "It works {adverb}.", "I am {mood}.", "Great {part} too.",
        "The {part} is {adjective}.", "It looks really {adjective}.", "My {person} was {mood}.",
        "The {part} feels very {adjective}.", "I use it every {time}.", "It fits the {place} {adverb}.",
        "My {person} likes the {part} too.", "After one {time} I am {mood}.", "The {flaw} is my only complaint.",
        "The {part} and the {part} feel {adjective}.", "It is {adjective}, {adjective} and made to last.",
        "I keep it in the {place} all year.",
        "I bought it for my {person} last {time}.", "The {part} looks {adjective} and it works {adverb}.",
        "Not sure about the {flaw}, but otherwise {adjective}.", "This is exactly what the {place} needed.",
        "For the {place} it is a truly {adjective} choice.", "My {person} tried it and was {mood} right away.",
        "I expected a {adjective} {part} and got exactly that.",
        "After a {time} of use the {part} still looks {adjective}.",
        "The {flaw} could be better, but the {part} is very {adjective}.",
        "I would buy it again just for the {part} and the {part}.",
        "We take it to the {place} every {time} and it works {adverb}.",
        "My {person} was {mood} with the {part}, and so am I every {time}.",
        "So far the {part} has held up {adverb} in the {place}.",
        "Compared with the one from last {time}, the {part} is {adjective}.",
        "The {part} is {adjective}, though the {flaw} took me by surprise.",
        "It arrived on time, the {part} was {adjective} and the {flaw} was fine.",
        "If you want a {adjective} {part} for the {place}, this is the one.",
        "I was worried about the {flaw}, but the {part} turned out to be {adjective}.",
    ]

    static let longest = 14
}
