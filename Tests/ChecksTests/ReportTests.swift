import JSON
import Testing

@testable import Checks

struct ReportTests {
    private func diagnostic(_ file: String, _ code: String?, line: Int = 1, column: Int = 1) -> JSONValue {
        [
            "filename": .string("/tmp/x/\(file)"), "code": code.map { .string($0) } ?? .null, "message": "m",
            "location": ["row": .integer(Int64(line)), "column": .integer(Int64(column))],
        ]
    }

    private func verdict(_ codes: [String?], of code: String) -> JSONValue? {
        RuffReport.verdicts(of: .array(codes.map { diagnostic("0.py", $0) }), on: [code])?.first
    }

    @Test func `a clean text is valid and has ten points`() {
        #expect(
            RuffReport.verdicts(of: [], on: ["x = 1"]) == [
                [
                    "is_valid": true, "python_linter_score": 10.0, "python_linter_severity": "none",
                    "python_linter_messages": [],
                ]
            ])
    }

    @Test(arguments: [
        ("F821", "error", false), ("PLE0101", "error", false), ("E501", "refactor", true), ("SIM103", "refactor", true),
        ("PLR0911", "refactor", true), ("PLC0414", "convention", true), ("PLW0603", "warning", true),
        ("RUF100", "warning", true), ("invalid-syntax", "fatal", false), ("E999", "fatal", false),
    ])
    func `the letters of a rule say how bad it is`(code: String, severity: String, isValid: Bool) {
        let verdict = verdict([code], of: "x = 1")
        #expect(verdict?["python_linter_severity"]?.stringValue == severity)
        #expect(verdict?["is_valid"] == .bool(isValid))
        #expect(verdict?["python_linter_messages"]?[0]?["type"]?.stringValue == severity)
        #expect(verdict?["python_linter_messages"]?[0]?["symbol"]?.stringValue == code)
    }

    @Test func `the score counts an error five times, and is never below nothing`() {
        let code = String(repeating: "x = 1\n", count: 20)
        #expect(verdict(["E501", "E501", "PLC1"], of: code)?["python_linter_score"] == 8.5)
        #expect(verdict(["F821", "E501"], of: code)?["python_linter_score"] == 7.0)
        #expect(verdict(["F821"], of: "x")?["python_linter_score"] == 0.0)
        #expect(verdict(["E501"], of: "# only a comment")?["python_linter_score"] == 0.0)
        #expect(verdict(["E501", nil], of: code)?["python_linter_score"] == 0.0)
    }

    @Test func `messages stand by severity and line, each with its own text`() {
        let report: JSONValue = [
            diagnostic("1.py", "E501", line: 3), diagnostic("1.py", "F821", line: 9),
            diagnostic("0.py", "PLW1", line: 2),
            diagnostic("1.py", "E711", line: 1, column: 7), diagnostic("1.py", "F811", line: 4),
        ]
        let verdicts = RuffReport.verdicts(of: report, on: ["a = 1", "b = 1"]) ?? []
        func symbols(_ verdict: JSONValue) -> [String] {
            verdict["python_linter_messages"]?.arrayValue?.compactMap { $0["symbol"]?.stringValue } ?? []
        }
        #expect(verdicts.map(symbols) == [["PLW1"], ["F811", "F821", "E711", "E501"]])
        #expect(verdicts.last?["python_linter_messages"]?[2]?["column"] == 7)
        #expect(verdicts.map { $0["is_valid"]?.boolValue } == [true, false])
    }

    @Test(arguments: [
        "{}", "[3]", #"[{"filename": "/x/7.py", "code": "E1", "message": "", "location": {"row": 1, "column": 1}}]"#,
    ])
    func `a report on other files, or none, is no report`(text: String) throws {
        #expect(RuffReport.verdicts(of: try JSONValue(parsing: text), on: ["x"]) == nil)
        #expect(SQLFluffReport.verdicts(of: try JSONValue(parsing: text), on: ["x"]) == nil)
    }

    @Test func `only what cannot be parsed makes SQL invalid`() {
        let report: JSONValue = [
            [
                "filepath": "1.sql",
                "violations": [["code": "LT12", "description": "no"], ["code": "PRS", "description": "here"]],
            ],
            ["filepath": "0.sql", "violations": [["code": "LT01", "description": "no"]]],
        ]
        #expect(
            SQLFluffReport.verdicts(of: report, on: ["a", "b"]) == [
                ["is_valid": true, "error_messages": ""], ["is_valid": false, "error_messages": "PRS: here"],
            ])
        #expect(SQLFluffReport.verdicts(of: report, on: ["a", "b", "c"]) == nil, "one file is missing")
    }

    @Test(arguments: [
        ("DECIMAL(10)", true), ("x DECIMAL(1), y", true), ("DECIMAL(10,2)", false), ("DECIMAL()", false),
        ("decimal(10)", false), ("DECIMAL (10)", false), ("DECIMAL(1", false), ("DECIMAL(1,2) DECIMAL(3)", true),
        ("", false),
    ])
    func `a DECIMAL without a scale is told`(code: String, isTold: Bool) {
        #expect(SQLFluffReport.hasDecimalWithoutScale(code) == isTold)
    }

    @Test func `a comment cannot set sqlfluff's options`() {
        let code = "-- sqlfluff:templater:jinja:library_path:/x\nSELECT 1 --sqlfluff:dialect:ansi\n-- sqlfluf"
        let shown = SQLFluffReport.disarmed(code)
        #expect(shown == "-- Sqlfluff:templater:jinja:library_path:/x\nSELECT 1 --Sqlfluff:dialect:ansi\n-- sqlfluf")
    }
}
