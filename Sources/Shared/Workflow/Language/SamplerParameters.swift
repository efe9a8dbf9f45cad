package import JSON

/// What a sampler draws.
package enum SamplerParameters: Sendable, Hashable {
    /// Texts and numbers as the file has them (see `CategoryTyping`), with weights that sum to 1; nil: all alike.
    case category(values: [JSONValue], weights: [Double]?)
    /// For each value of the parent column the values to choose from, in file order.
    case subcategory(parent: String, values: [Choice])
    case uniform(low: Double, high: Double, decimalPlaces: Int?)
    case gaussian(mean: Double, standardDeviation: Double, decimalPlaces: Int?)
    case bernoulli(p: Double)
    case bernoulliMixture(p: Double, distribution: Distribution)
    case binomial(n: Int, p: Double)
    case poisson(mean: Double)
    case scipy(distribution: Distribution, decimalPlaces: Int?)
    case datetime(DatetimeParameters)
    case timedelta(TimedeltaParameters)
    case uuid(prefix: String?, isShort: Bool, isUppercase: Bool)
    case person(PersonParameters)
    case personFromFaker(PersonParameters)

    package struct Choice: Sendable, Hashable {
        package let parentValue: String
        package let values: [JSONValue]
    }

    /// A distribution of scipy.stats by its name and keyword arguments.
    package struct Distribution: Sendable, Hashable {
        package let name: String
        package let arguments: JSONObject
    }

    package struct DatetimeParameters: Sendable, Hashable {
        package enum Unit: String, Sendable, Hashable, CaseIterable {
            case year = "Y"
            case month = "M"
            case day = "D"
            case hour = "h"
            case minute = "m"
            case second = "s"
        }

        package let start: String
        package let end: String
        package let unit: Unit
    }

    package struct TimedeltaParameters: Sendable, Hashable {
        package enum Unit: String, Sendable, Hashable, CaseIterable {
            case day = "D"
            case hour = "h"
            case minute = "m"
            case second = "s"

            package var seconds: Int64 {
                switch self {
                case .day: 86_400
                case .hour: 3_600
                case .minute: 60
                case .second: 1
                }
            }
        }

        /// In units: at least `minimum`, below `maximum`.
        package let minimum: Int
        package let maximum: Int
        package let referenceColumn: String
        package let unit: Unit
    }

    package struct PersonParameters: Sendable, Hashable {
        package let locale: String
        package let sex: String?
        /// A text, or a list of texts to choose from.
        package let city: JSONValue
        package let ageRange: ClosedRange<Int>
        /// Only of `person`.
        package let fieldValues: JSONObject?
        package let hasPersonas: Bool
    }

    package var type: SamplerType {
        switch self {
        case .category: .category
        case .subcategory: .subcategory
        case .uniform: .uniform
        case .gaussian: .gaussian
        case .bernoulli: .bernoulli
        case .bernoulliMixture: .bernoulliMixture
        case .binomial: .binomial
        case .poisson: .poisson
        case .scipy: .scipy
        case .datetime: .datetime
        case .timedelta: .timedelta
        case .uuid: .uuid
        case .person: .person
        case .personFromFaker: .personFromFaker
        }
    }
}
