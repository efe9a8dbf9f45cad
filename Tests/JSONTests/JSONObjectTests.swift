import JSON
import Testing

@Suite struct JSONObjectTests {
    @Test func `keys keep their order and of equal keys the last value wins`() throws {
        let value = try JSONValue(parsing: #"{"b": 1, "a": 2, "b": 3}"#)
        #expect(value.serialized() == #"{"b":3,"a":2}"#)
    }

    @Test func `lookup works for few keys and for many`() {
        for count in [0, 1, 15, 16, 17, 18, 200] {
            var object = JSONObject()
            for index in 0..<count { object["key\(index)"] = .integer(Int64(index)) }
            for index in 0..<count { #expect(object["key\(index)"] == .integer(Int64(index))) }
            #expect(object["key\(count)"] == nil)
            #expect(object.keys == (0..<count).map { "key\($0)" })
        }
    }

    @Test func `removing a key keeps the others' order`() {
        var object = JSONObject((0..<20).map { ("k\($0)", JSONValue.integer(Int64($0))) })
        #expect(object.removeValue(forKey: "k3") == 3)
        object["k5"] = nil
        #expect(object.removeValue(forKey: "nothing") == nil)
        #expect(object.keys == (0..<20).filter { $0 != 3 && $0 != 5 }.map { "k\($0)" })
        #expect(object["k19"] == 19)
        #expect(object.place(of: "k4") == 3)
    }

    @Test func `canonically equivalent keys are two keys`() {
        let object: JSONObject = ["\u{E9}": 1, "e\u{301}": 2]
        #expect(object.count == 2)
        #expect(object["\u{E9}"] == 1)
        #expect(object["e\u{301}"] == 2)
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
    }

    @Test func `equality ignores the order of keys and hashes agree`() {
        let left: JSONValue = ["a": 1, "b": [1, 2]]
        let right: JSONValue = ["b": [1, 2], "a": 1]
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left != ["a": 1, "b": [2, 1]])
        #expect(left != ["a": 1])
        #expect(JSONValue.integer(1) != .number(1))
    }

    @Test func `values are reached by key and index`() {
        let value: JSONValue = ["a": [10, ["b": "x"]], "n": 3.0]
        #expect(value["a"]?[1]?["b"]?.stringValue == "x")
        #expect(value["a"]?[2] == nil)
        #expect(value["n"]?.intValue == 3)
        #expect(value["z"] == nil)
        #expect(JSONValue.number(2.5).intValue == nil)
    }
}
