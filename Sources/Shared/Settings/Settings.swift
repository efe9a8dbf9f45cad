/// The settings of one process: flag, then environment, then file, then default.
package struct Settings: Sendable {
    /// One setting as it stands.
    package struct Entry: Sendable {
        package let key: SettingKey
        /// The value as it was written; nil when nobody set it and there is no default.
        package let text: String?
        package let origin: SettingOrigin

        /// For people: the value without its password, `-` for none.
        package var shown: String { text.map(key.shown) ?? "-" }
    }

    /// Every setting, in the order of `SettingKey.all`.
    package let entries: [Entry]
    /// The files that were looked for, the first one first, and whether they were there.
    package let files: [(path: String, exists: Bool)]

    package subscript(key: SettingKey) -> Entry {
        guard let entry = entries.first(where: { $0.key == key }) else {
            preconditionFailure("\(key.name) is not among the settings")
        }
        return entry
    }

    /// Reads what is set where, and checks every value.
    ///
    /// - Parameters:
    ///   - flags: what the command line says, by setting.
    ///   - configFile: `--config FILE`; nil: `tessera.yaml` in `directory`, and behind it
    ///     `$XDG_CONFIG_HOME/tessera/config.yaml` (`~/.config` where that is unset), key by key.
    /// - Throws: `SettingsError` with everything that is wrong: unknown keys with a suggestion, values of the wrong
    ///   kind, a password in a file, a file that cannot be read.
    package static func load(
        flags: [SettingKey: String] = [:], environment: [String: String], directory: String = ".",
        configFile: String? = nil
    ) throws(SettingsError) -> Settings {
        var problems: [String] = []
        let files = SettingsFile.read(searchPaths(environment, directory, configFile), &problems)
        var entries: [Entry] = []
        for key in SettingKey.all {
            let entry = find(key, flags, environment, files, &problems)
            if let text = entry.text, let problem = key.problem(with: text) {
                problems.append("\(entry.origin): \(key.name) \(problem)")
            }
            entries.append(entry)
        }
        guard problems.isEmpty else { throw SettingsError(problems) }
        return Settings(entries: entries, files: files.map { ($0.path, $0.exists) })
    }

    /// The value of a setting that this command cannot do without.
    ///
    /// - Throws: `SettingsError` that says the three ways to set it.
    package func required(_ key: SettingKey) throws(SettingsError) -> String {
        if let text = self[key].text { return text }
        let flag = key.flag.map { "pass --\($0), " } ?? ""
        throw SettingsError(["\(key.name) is not set: \(flag)set \(key.environment) or write it in tessera.yaml"])
    }

    private static func find(
        _ key: SettingKey, _ flags: [SettingKey: String], _ environment: [String: String], _ files: [SettingsFile],
        _ problems: inout [String]
    ) -> Entry {
        if let text = flags[key] { return Entry(key: key, text: text, origin: .flag(key.flag ?? key.name)) }
        let own = environment[key.environment]
        if let variable = key.fileEnvironment, let path = environment[variable], !path.isEmpty {
            if own != nil { problems.append("\(key.environment) and \(variable) are both set: unset one of them") }
            do {
                let text = try TextFile.read(path)
                return Entry(
                    key: key, text: String(text.prefix { !$0.isNewline }),
                    origin: .secretFile(variable: variable, path: path))
            } catch {
                problems.append("\(variable): cannot read \(path): \(error.reason)")
            }
        }
        if let own, !own.isEmpty { return Entry(key: key, text: own, origin: .environment(key.environment)) }
        for file in files {
            if let found = file.values[key] {
                return Entry(key: key, text: found.text, origin: .file(path: file.path, line: found.line))
            }
        }
        return Entry(key: key, text: key.defaultText, origin: key.defaultText == nil ? .nobody : .default)
    }

    private static func searchPaths(
        _ environment: [String: String], _ directory: String, _ configFile: String?
    ) -> [(path: String, isRequired: Bool)] {
        if let configFile { return [(configFile, true)] }
        var paths = [(directory == "." ? "tessera.yaml" : directory + "/tessera.yaml", false)]
        if let home = environment["XDG_CONFIG_HOME"], !home.isEmpty {
            paths.append((home + "/tessera/config.yaml", false))
        } else if let home = environment["HOME"], !home.isEmpty {
            paths.append((home + "/.config/tessera/config.yaml", false))
        }
        return paths
    }
}
