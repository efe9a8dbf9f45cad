/// Finds the name that was probably meant.
package enum Suggestion {
    /// "Did you mean x?" for the candidate nearest to `word`, nil when none is near.
    ///
    /// Near is at most a third of the word's letters changed, added, left out or swapped with the next; letter case,
    /// hyphens and underscores do not count. Of several the first wins.
    package static func sentence(for word: String, among candidates: some Sequence<String>) -> String? {
        nearest(to: word, among: candidates).map { "Did you mean \($0)?" }
    }

    /// ` Did you mean X?` or nothing, to be put behind the sentence that says what is unknown.
    package static func question(for word: String, among candidates: some Sequence<String>) -> String {
        nearest(to: word, among: candidates).map { " Did you mean \($0)?" } ?? ""
    }

    /// The candidate nearest to `word`; see `sentence`.
    package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let wanted = normalized(word)
        guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate != word || best == nil {
            let name = normalized(candidate)
            let limit = max(1, max(wanted.count, name.count) / 3)
            guard abs(wanted.count - name.count) <= limit, !name.isEmpty else { continue }
            let distance = distance(wanted, name)
            if distance <= limit, distance < wanted.count, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.name
    }

    private static func normalized(_ word: String) -> [Unicode.Scalar] {
        word.lowercased().unicodeScalars.filter { $0 != "_" && $0 != "-" && $0 != " " }
    }

    /// Optimal string alignment: insert, delete, replace, swap neighbours.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for (row, scalar) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(last[column] + (scalar == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, scalar == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
