/// What somebody who mistyped a name most likely meant.
package enum Suggestion {
    /// The known name nearest to `word`, or nil when none is near: at most a third of its characters differ (one
    /// always may). Of equally near ones the first of the list. Letters count as equal in any case.
    package static func nearest(to word: String, in known: some Sequence<String>) -> String? {
        let wanted = Array(word.lowercased())
        let limit = max(1, wanted.count / 3)
        var best: (name: String, distance: Int)?
        for name in known {
            let distance = editDistance(wanted, Array(name.lowercased()))
            if distance <= limit, distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    /// ` Did you mean X?` or nothing, to be put behind the sentence that says what is unknown.
    package static func question(for word: String, in known: some Sequence<String>) -> String {
        nearest(to: word, in: known).map { " Did you mean \($0)?" } ?? ""
    }

    /// Insertions, deletions, replacements and swaps of neighbours that make one word of the other.
    private static func editDistance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for column in right.indices {
                let isSame = left[row] == right[column]
                var distance = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    distance = min(distance, beforeLast[column - 1] + 1)
                }
                current.append(distance)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
