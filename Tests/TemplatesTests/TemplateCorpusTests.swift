import JSON
import Templates
import Testing

/// Templates whose output was made by the reference, Jinja2 3.1.
@Suite struct TemplateCorpusTests {
    /// What a template prints, or the kind of its failure.
    private func outcome(
        _ source: String, _ context: JSONObject, mode: String = "text", undefined: UndefinedBehavior = .lenient
    ) -> (renders: String?, fails: String?) {
        do throws(TemplateError) {
            let template = try Template(parsing: source)
            let options = RenderOptions(output: mode == "json" ? .json : .text, undefined: undefined)
            if mode == "native" { return (try template.renderNative(context, options: options).text, nil) }
            return (try template.render(context, options: options), nil)
        } catch {
            // The reference has no limits of its own; what it refuses for its size fails like anything else.
            return (nil, error.kind == .limit ? "runtime" : error.kind.rawValue)
        }
    }

    @Test(.enabled(if: TestFile.vectors != nil))
    func `every shared case renders or fails as it says`() throws {
        let vectors = try #require(TestFile.vectors)
        let context = try #require(vectors["context"]?.objectValue)
        let cases = try #require(vectors["cases"]?.arrayValue)
        #expect(cases.count > 200)
        for testCase in cases {
            let source = try #require(testCase["template"]?.stringValue)
            let (renders, fails) = outcome(source, context)
            #expect(renders == testCase["renders"]?.stringValue, "\(source)")
            #expect(fails == testCase["fails"]?.stringValue, "\(source)")
        }
    }

    @Test func `every case of the corpus renders or fails as the reference does`() throws {
        let context = try #require(try TestFile.corpus("context.json").objectValue)
        let cases = try #require(try TestFile.corpus("oracle.json")["cases"]?.arrayValue)
        #expect(cases.count > 3000)
        for testCase in cases {
            let source = try #require(testCase["template"]?.stringValue)
            let mode = testCase["mode"]?.stringValue ?? "text"
            let undefined: UndefinedBehavior = mode == "strict" || mode == "native" ? .strict : .lenient
            let (renders, fails) = outcome(source, context, mode: mode, undefined: undefined)
            #expect(renders == testCase["renders"]?.stringValue, "\(mode): \(source)")
            #expect(fails == testCase["fails"]?.stringValue, "\(mode): \(source)")
        }
    }
}
