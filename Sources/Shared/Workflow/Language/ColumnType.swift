/// The values of `column_type`: what makes a column's cells.
package enum ColumnType: String, Sendable, Hashable, CaseIterable {
    case sampler
    case seed = "seed-dataset"
    case text = "llm-text"
    case code = "llm-code"
    case structured = "llm-structured"
    case judge = "llm-judge"
    case expression, validation, embedding, image, http, custom

    /// `an llm-text column`
    var articleAndName: String {
        let isVowel = "aeio".contains(rawValue.prefix(1)) || rawValue.hasPrefix("llm") || self == .http
        return "\(isVowel ? "an" : "a") \(rawValue) column"
    }
}
