/// What made-up persons of one locale are put together from. The lists are Tessera's own: common names and large towns.
struct PersonLocale: Sendable {
    let maleNames: [String]
    let femaleNames: [String]
    let lastNames: [String]
    /// Patterns: `{last}` is a last name, `{first}` a first name.
    let streets: [String]
    let cities: [String]
    /// Empty where addresses of the locale have none.
    let states: [String]
    /// Patterns: `#` is a digit, `%` one from 2 to 9, `@` a letter.
    let postcodes: [String]
    let phones: [String]
    let countries: [String]
    let occupations: [String]

    static let all: [String: PersonLocale] = [
        "en_US": .americanEnglish, "en_GB": .britishEnglish, "de_DE": .german, "fr_FR": .french,
        "es_ES": .spanish, "it_IT": .italian,
    ]

    /// One entry a comma; line breaks do not count.
    static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { entry in
            entry.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
    }
}
