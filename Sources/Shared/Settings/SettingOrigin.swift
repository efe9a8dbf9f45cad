/// Who set a setting.
package enum SettingOrigin: Hashable, Sendable, CustomStringConvertible {
    case flag(String)
    case environment(String)
    /// An environment variable that names a file with the value.
    case secretFile(variable: String, path: String)
    case file(path: String, line: Int)
    case `default`
    case nobody

    package var description: String {
        switch self {
        case .flag(let name): "flag --\(name)"
        case .environment(let variable): "environment \(variable)"
        case .secretFile(let variable, let path): "environment \(variable) (\(path))"
        case .file(let path, let line): "\(path):\(line)"
        case .default: "default"
        case .nobody: "not set"
        }
    }
}
