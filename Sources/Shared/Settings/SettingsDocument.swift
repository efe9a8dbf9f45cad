/// The list of settings for the documentation: written from `SettingKey.all`, so that it cannot be out of date.
package enum SettingsDocument {
    /// A Markdown table with one row for each setting.
    package static var markdown: String {
        var lines = [
            "| setting | environment | flag | default | read by | meaning |", "|---|---|---|---|---|---|",
        ]
        for key in SettingKey.all {
            let environment = ["`\(key.environment)`", key.fileEnvironment.map { "`\($0)`" }].compactMap { $0 }
            let cells = [
                "`\(key.name)`", environment.joined(separator: ", "), key.flag.map { "`--\($0)`" } ?? "",
                key.defaultText.map { "`\($0)`" } ?? "", key.programs.map(\.rawValue).joined(separator: ", "),
                "\(key.summary) \(values(of: key.kind))",
            ]
            let row = cells.map { cell in
                String(cell.reversed().drop { $0 == " " }.reversed()).replacing("|", with: "\\|")
            }
            lines.append("| \(row.joined(separator: " | ")) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func values(of kind: SettingKey.Kind) -> String {
        switch kind {
        case .integer(let range): "\(range.lowerBound) to \(range.upperBound)."
        case .duration: "A duration such as `25s` or `1h30m`."
        case .choice(let choices): "One of \(choices.map { "`\($0)`" }.joined(separator: ", "))."
        case .list: "Words with commas between them."
        case .text, .path, .serviceURL: ""
        }
    }
}
