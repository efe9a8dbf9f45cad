/// The members of a JSON object in the order in which their keys first came; a key set again keeps its place and
/// takes the new value (as a Python dict).
///
/// Lookup scans up to sixteen members and uses a hash table beyond. Equality ignores the order.
package struct JSONObject: Sendable {
    package typealias Element = (key: String, value: JSONValue)

    private struct Member: Sendable {
        let key: String
        var value: JSONValue
    }

    private var members: [Member]
    /// Places by key, kept only while there are more than `scanLimit` members.
    private var places: [ExactString: Int]?

    private static let scanLimit = 16

    package init() {
        members = []
    }

    /// Takes pairs in order; of equal keys the last value wins.
    package init(_ pairs: some Sequence<(String, JSONValue)>) {
        self.init()
        reserveCapacity(pairs.underestimatedCount)
        for (key, value) in pairs { self[key] = value }
    }

    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }
    package var keys: [String] { members.map(\.key) }
    package var values: [JSONValue] { members.map(\.value) }

    package mutating func reserveCapacity(_ count: Int) {
        members.reserveCapacity(count)
    }

    /// The value of `key`, or nil. Setting nil removes the key, which costs time linear in the count.
    package subscript(key: String) -> JSONValue? {
        get { place(of: key).map { members[$0].value } }
        set {
            guard let newValue else {
                removeValue(forKey: key)
                return
            }
            if let place = place(of: key) {
                members[place].value = newValue
            } else {
                append(key, newValue)
            }
        }
    }

    package subscript(key: String, default fallback: @autoclosure () -> JSONValue) -> JSONValue {
        self[key] ?? fallback()
    }

    package func contains(_ key: String) -> Bool { place(of: key) != nil }

    /// The place of `key` in the order, or nil.
    package func place(of key: String) -> Int? {
        if let places { return places[ExactString(key)] }
        let wanted = ExactString(key)
        for place in members.indices where ExactString(members[place].key) == wanted { return place }
        return nil
    }

    /// Removes `key` and returns its value, nil when it was not there.
    @discardableResult
    package mutating func removeValue(forKey key: String) -> JSONValue? {
        guard let place = place(of: key) else { return nil }
        let removed = members.remove(at: place)
        rebuildPlaces()
        return removed.value
    }

    /// The same members with their keys in byte order (which is code point order, Python's `sort_keys`).
    package var sortedByKey: JSONObject {
        var sorted = self
        sorted.members.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        sorted.rebuildPlaces()
        return sorted
    }

    /// The same keys in the same order, each value replaced.
    package func mapValues<E: Error>(_ transform: (JSONValue) throws(E) -> JSONValue) throws(E) -> JSONObject {
        var mapped = self
        for place in mapped.members.indices {
            mapped.members[place].value = try transform(mapped.members[place].value)
        }
        return mapped
    }

    private mutating func append(_ key: String, _ value: JSONValue) {
        members.append(Member(key: key, value: value))
        if places != nil {
            places?[ExactString(key)] = members.count - 1
        } else if members.count > Self.scanLimit {
            rebuildPlaces()
        }
    }

    private mutating func rebuildPlaces() {
        guard members.count > Self.scanLimit else {
            places = nil
            return
        }
        var rebuilt = [ExactString: Int](minimumCapacity: members.count * 2)
        for (place, member) in members.enumerated() { rebuilt[ExactString(member.key)] = place }
        places = rebuilt
    }
}

extension JSONObject: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { members.count }
    package subscript(place: Int) -> Element { (members[place].key, members[place].value) }
}

extension JSONObject: Hashable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        // The order does not count for equality, so the members' hashes are summed.
        var sum = 0
        for (key, value) in self {
            var member = Hasher()
            member.combine(ExactString(key))
            member.combine(value)
            sum &+= member.finalize()
        }
        hasher.combine(count)
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements)
    }
}

extension JSONObject: CustomStringConvertible {
    package var description: String { JSONValue.object(self).serialized() }
}
