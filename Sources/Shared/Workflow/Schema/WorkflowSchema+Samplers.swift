import JSON

extension WorkflowSchema {
    static var samplers: [(String, JSONObject)] {
        SamplerType.allCases.map { type in
            let tag = ("sampler_type", nullable(["const": .string(type.rawValue)] as JSONObject))
            let (properties, required) = parameters(type)
            return ("\(type.rawValue)_params", object(type.parametersKind, required, [tag] + properties))
        }
    }

    private static let values: JSONObject = [
        "type": "array", "minItems": 1, "items": ["type": ["string", "number"]],
    ]
    private static var weights: JSONObject {
        nullable(list(of: number("", ["minimum": 0]), "The values' weights, as many as values."))
    }
    private static var probability: JSONObject { number("A probability.", ["minimum": 0, "maximum": 1]) }
    private static var decimalPlaces: (String, JSONObject) {
        ("decimal_places", nullable(integer("Places that values are rounded to.", ["minimum": -300, "maximum": 300])))
    }
    private static var distribution: [(String, JSONObject)] {
        [
            ("dist_name", choice("A distribution of scipy.stats.", ScipyDistribution.allCases.map(\.rawValue))),
            ("dist_params", anyObject("The distribution's arguments by name, such as loc and scale.")),
        ]
    }

    private static func parameters(_ type: SamplerType) -> (properties: [(String, JSONObject)], required: [String]) {
        switch type {
        case .category:
            ([("values", values.adding("description", "What is drawn from.")), ("weights", weights)], ["values"])
        case .subcategory:
            (
                [
                    ("category", filledText("The category sampler that it depends on.")),
                    ("values", mapping(of: values, "For each value of the category what is drawn from.")),
                ], ["category", "values"]
            )
        case .uniform:
            (
                [("low", number("The lower end, included.")), ("high", number("The upper end.")), decimalPlaces],
                ["low", "high"]
            )
        case .gaussian:
            (
                [
                    ("mean", number("The mean.")), ("stddev", number("The standard deviation.", ["minimum": 0])),
                    decimalPlaces,
                ], ["mean", "stddev"]
            )
        case .bernoulli: ([("p", probability)], ["p"])
        case .bernoulliMixture: ([("p", probability)] + distribution, ["p", "dist_name", "dist_params"])
        case .binomial: ([("n", integer("The number of trials.", ["minimum": 0])), ("p", probability)], ["n", "p"])
        case .poisson: ([("mean", number("The mean.", ["minimum": 0]))], ["mean"])
        case .scipy: (distribution + [decimalPlaces], ["dist_name", "dist_params"])
        case .datetime:
            (
                [
                    ("start", text("The earliest time: 2024-01-31 or 2024-01-31T12:00:00.")),
                    ("end", text("The time before which all are.")),
                    (
                        "unit",
                        nullable(
                            choice(
                                "Times are cut down to it.",
                                SamplerParameters.DatetimeParameters.Unit.allCases.map(\.rawValue), default: "D"))
                    ),
                ], ["start", "end"]
            )
        case .timedelta:
            (
                [
                    ("dt_min", integer("The least difference, in units.", ["minimum": 0])),
                    ("dt_max", integer("The difference below which all are.", ["exclusiveMinimum": 0])),
                    ("reference_column_name", filledText("The sampler of times that is added to.")),
                    (
                        "unit",
                        nullable(
                            choice(
                                "The unit of dt_min and dt_max.",
                                SamplerParameters.TimedeltaParameters.Unit.allCases.map(\.rawValue), default: "D"))
                    ),
                ], ["dt_min", "dt_max", "reference_column_name"]
            )
        case .uuid:
            (
                [
                    ("prefix", nullable(text("Stands before each id."))),
                    ("short_form", boolean("8 digits instead of 32.", default: false)),
                    ("uppercase", boolean("Digits A-F instead of a-f.", default: false)),
                ], []
            )
        case .person: (person(Locales.managed) + managed, [])
        case .personFromFaker: (person(Locales.faker), [])
        }
    }

    private static func person(_ locales: [String]) -> [(String, JSONObject)] {
        [
            ("locale", nullable(choice("Where the person lives.", locales, default: "en_US"))),
            ("sex", nullable(choice("Null: either.", ["Male", "Female"]))),
            (
                "city",
                nullable(any([text("One city."), list(of: text("A city."), "Some cities.")], "Null: any city."))
            ),
            (
                "age_range",
                nullable(
                    list(
                        of: integer("An age.", ["minimum": 0, "maximum": 114]), "The least and the greatest age.",
                        ["minItems": 2, "maxItems": 2]))
            ),
        ]
    }

    private static var managed: [(String, JSONObject)] {
        [
            (
                "select_field_values",
                nullable(
                    mapping(of: list(of: text("A value."), "Values."), "Fields, each with the values it may have."))
            ),
            ("with_synthetic_personas", boolean("With a description of the person.", default: false)),
        ]
    }
}
