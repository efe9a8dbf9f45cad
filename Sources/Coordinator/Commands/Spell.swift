/// Figures in words that people read.
enum Spell {
    /// `1 file`, `1,200 files`.
    static func count(_ number: Int64, _ noun: String) -> String {
        "\(Grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// `42 s`, `3 min 5 s`, `2 h 10 min`.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(max(0, seconds).rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
