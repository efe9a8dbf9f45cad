/// The tests that a template may use.
struct TestTable: Sendable {
    private let tests: [String: Test]

    subscript(name: String) -> Test? { tests[name] }

    static let standard: TestTable = {
        var tests: [String: Test] = [:]
        for group in [TypeTests.table, ComparisonTests.table] {
            for (name, function) in group { tests[name] = Test(name: name, function: function) }
        }
        return TestTable(tests: tests)
    }()
}
