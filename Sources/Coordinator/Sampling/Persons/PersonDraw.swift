import JSON
import Random
import Workflow

/// Made-up persons, with the fields that Data Designer's `person_from_faker` has, in its order.
struct PersonDraw: Sendable {
    /// Ages are counted on this day, so that a seed gives the same persons on every day: 1 January 2026.
    static let ageDay = CivilTime(year: 2026, month: 1, day: 1)

    private let name: String
    private let locale: PersonLocale
    private let sexes: [String]
    private let cities: [String]
    private let ages: ClosedRange<Int>

    /// Nil for a locale without data.
    init?(_ parameters: SamplerParameters.PersonParameters) {
        guard let locale = PersonLocale.all[parameters.locale] else { return nil }
        name = parameters.locale
        self.locale = locale
        sexes = parameters.sex.map { [$0] } ?? ["Male", "Female"]
        ages = parameters.ageRange
        switch parameters.city {
        case .string(let city): cities = [city]
        case .array(let items) where !items.isEmpty: cities = items.compactMap(\.stringValue)
        default: cities = locale.cities
        }
    }

    func value(_ stream: inout RandomStream) -> JSONValue {
        let uuid = Self.uuid(&stream)
        let sex = stream.pick(sexes)
        let age = ages.lowerBound + Int(stream.below(UInt64(ages.count)))
        let education = stream.pick(Self.educationLevels)
        let firstName = stream.pick(sex == "Male" ? locale.maleNames : locale.femaleNames)
        let lastName = stream.pick(locale.lastNames)
        let phone = fill(stream.pick(locale.phones), &stream)
        let field = stream.pick(Self.bachelorsFields)
        return [
            "uuid": .string(uuid),
            "locale": .string(name),
            "first_name": .string(firstName),
            "last_name": .string(lastName),
            "middle_name": .null,
            "sex": .string(sex),
            "street_number": .string("\(1 + stream.below(999))"),
            "street_name": .string(fill(stream.pick(locale.streets), &stream)),
            "city": .string(stream.pick(cities)),
            "state": locale.states.isEmpty ? .null : .string(stream.pick(locale.states)),
            "postcode": .string(fill(stream.pick(locale.postcodes), &stream)),
            "age": .integer(Int64(age)),
            "birth_date": .string(Self.birthDate(age: age, &stream)),
            "country": .string(stream.pick(locale.countries)),
            "marital_status": .string(stream.pick(Self.maritalStatuses)),
            "education_level": .string(education),
            "unit": "",
            "occupation": .string(stream.pick(locale.occupations)),
            "phone_number": age >= 18 ? .string(phone) : .null,
            "bachelors_field": .string(Self.collegeLevels.contains(education) ? field : "no_degree"),
        ]
    }

    private static let maritalStatuses = ["married_present", "divorced", "never_married", "separated", "widowed"]
    private static let educationLevels = [
        "secondary_education", "some_college", "bachelors", "associates", "graduate", "doctorate",
    ]
    private static let collegeLevels: Set<String> = ["bachelors", "graduate", "doctorate"]
    private static let bachelorsFields = ["stem", "business", "education", "arts_humanities", "stem_related"]

    /// A day on which somebody was born who is `age` years old on `ageDay`.
    private static func birthDate(age: Int, _ stream: inout RandomStream) -> String {
        let fields = ageDay.fields
        let last = CivilTime(year: fields.year - age, month: fields.month, day: fields.day)
        let before = CivilTime(year: fields.year - age - 1, month: fields.month, day: fields.day)
        let days = UInt64((last.seconds - before.seconds) / 86_400)
        let day = CivilTime(seconds: last.seconds - Int64(stream.below(days)) * 86_400)
        return String(day.isoText.prefix(10))
    }

    /// 32 hex digits in five groups.
    private static func uuid(_ stream: inout RandomStream) -> String {
        let (high, low) = UUIDDraw.version4(&stream)
        func digits(_ word: UInt64, _ count: Int) -> String {
            let text = String(word, radix: 16)
            return String(repeating: "0", count: count - text.count) + text
        }
        return [
            digits(high >> 32, 8), digits(high >> 16 & 0xFFFF, 4), digits(high & 0xFFFF, 4), digits(low >> 48, 4),
            digits(low & 0xFFFF_FFFF_FFFF, 12),
        ].joined(separator: "-")
    }

    private func fill(_ pattern: String, _ stream: inout RandomStream) -> String {
        var text = ""
        var rest = pattern[...]
        while let character = rest.first {
            if rest.hasPrefix("{last}") {
                text += stream.pick(locale.lastNames)
                rest = rest.dropFirst("{last}".count)
                continue
            }
            if rest.hasPrefix("{first}") {
                text += stream.pick(stream.bernoulli(0.5) ? locale.femaleNames : locale.maleNames)
                rest = rest.dropFirst("{first}".count)
                continue
            }
            switch character {
            case "#": text += "\(stream.below(10))"
            case "%": text += "\(2 + stream.below(8))"
            case "@": text.append(stream.pick(Self.letters))
            default: text.append(character)
            }
            rest = rest.dropFirst()
        }
        return text
    }

    private static let letters = Array("ABCDEFGHJKLMNPRSTUWY")
}

extension RandomStream {
    /// One of a list that is not empty.
    mutating func pick<Element>(_ list: [Element]) -> Element { list[Int(below(UInt64(list.count)))] }
}
