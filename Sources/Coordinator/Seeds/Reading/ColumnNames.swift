/// Names of a data set's columns, made usable: empty ones get `column0`, ... by their place, and one that is there
/// already, upper or lower case apart, gets `_1`, `_2`, ...
enum ColumnNames {
    static func unique(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.enumerated().map { place, given in
            let name = given.isEmpty ? "column\(place)" : given
            var unique = name
            var number = 0
            while !taken.insert(unique.lowercased()).inserted {
                number += 1
                unique = "\(name)_\(number)"
            }
            return unique
        }
    }
}
