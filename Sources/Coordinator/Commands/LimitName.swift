import JSON

/// What people see of a limit's key: the endpoint, and which key it is called with.
struct LimitName {
    /// Its URL, or the scope that the operator named.
    let endpoint: String
    /// A short hash; `-` without a key.
    let credential: String

    /// - Parameter limitKey: `endpoint|credential|model|domain`, each part with `%` and `|` percent-encoded.
    init(_ limitKey: String) {
        let parts = limitKey.split(separator: "|", omittingEmptySubsequences: false).map {
            $0.replacing("%7C", with: "|").replacing("%25", with: "%")
        }
        endpoint = parts.count == 4 ? String(parts[0]) : limitKey
        credential = parts.count == 4 ? String(parts[1]) : "-"
    }

    /// The object with `endpoint` and `credential`, by its `limit_key`.
    static func naming(_ object: JSONObject) -> JSONObject {
        let name = LimitName(object["limit_key"]?.stringValue ?? "")
        var object = object
        object["endpoint"] = .string(name.endpoint)
        object["credential"] = .string(name.credential)
        return object
    }

    /// The endpoints of routes as a table shows them: with the key's hash where only that tells two apart.
    static func column(_ routes: [(route: String, limitKey: String)]) -> [String] {
        let names = routes.map { LimitName($0.limitKey) }
        return names.indices.map { place in
            let isAlone = names.indices.allSatisfy { other in
                other == place || routes[other].route != routes[place].route
                    || names[other].endpoint != names[place].endpoint
            }
            return isAlone ? names[place].endpoint : "\(names[place].endpoint) (key \(names[place].credential))"
        }
    }
}
