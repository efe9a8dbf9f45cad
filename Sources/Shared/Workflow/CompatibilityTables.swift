/// The tables of docs/compatibility.md: what an engine runs of the language, and what stands in for the rest.
package enum CompatibilityTables {
    /// Markdown, without a heading, ending in a new line.
    package static func markdown(_ capabilities: Capabilities) -> String {
        var lines = ["| Part of the file | Runs | Refused with exit 65 |", "|---|---|---|"]
        let groups: [(String, [Feature])] = [
            ("`column_type`", ColumnType.allCases.map { .columnType($0) }),
            ("`sampler_type`", SamplerType.allCases.map { .sampler($0) }),
            ("`locale` of `person_from_faker`", capabilities.personLocales.map { .personLocale($0) }),
            ("`dist_name` of scipy.stats", []),
            ("`conditional_params`", [.conditions]), ("`constraints`", [.constraints]), ("`skip`", [.skip]),
            ("`with_trace`, `extract_reasoning_content`", [.sideEffects]),
            ("`modality` of `multi_modal_context`", MediaContext.Modality.allCases.map { .media($0) }),
            ("`tool_alias`, `tool_configs`", [.tools]),
            ("a distribution as `temperature` or `top_p`", [.sampledInference]),
            ("`validator_type`", only { if case .validator = $0 { true } else { false } }),
            ("`processor_type`", only { if case .processor = $0 { true } else { false } }),
            ("`seed_type`", only { if case .seed = $0 { true } else { false } }),
            ("a local seed in Parquet", [.parquetSeed]),
        ]
        for (title, features) in groups {
            let run = features.filter { $0.isRun(by: capabilities) }
            let refused = features.filter { !$0.isRun(by: capabilities) }
            switch features.first {
            case nil:
                lines.append(
                    "| \(title) | \(ScipyDistribution.allCases.map { "`\($0.rawValue)`" }.commaSeparated) | others |")
            case .personLocale: lines.append("| \(title) | \(words(run)) | others |")
            case _ where features.count == 1:
                lines.append("| \(title) | \(run.isEmpty ? "" : "yes") | \(run.isEmpty ? "yes" : "") |")
            default: lines.append("| \(title) | \(words(run)) | \(words(refused)) |")
            }
        }
        lines += ["| `profilers` | left out, with a warning | |", "", "| Not run | Instead |", "|---|---|"]
        for feature in Feature.all where !feature.isRun(by: capabilities) {
            lines.append("| `\(feature.text)` | \(feature.replacement(in: capabilities)) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func only(_ isWanted: (Feature) -> Bool) -> [Feature] { Feature.all.filter(isWanted) }

    /// The values of the key that the features share.
    private static func words(_ features: [Feature]) -> String {
        features.map { "`\($0.text.drop { $0 != ":" }.dropFirst(2))`" }.commaSeparated
    }
}
