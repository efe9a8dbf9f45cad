import Spelling
import Testing

struct SuggestionTests {
    private let known = ["broker_url", "database_url", "log_level", "serve"]

    @Test(arguments: [
        ("broker_ulr", "broker_url"), ("borker_url", "broker_url"), ("brokerurl", "broker_url"),
        ("LOG_LEVEL", "log_level"), ("loglevel", "log_level"), ("serv", "serve"), ("sevre", "serve"),
    ])
    func `a slip finds the name that was meant`(_ word: String, _ meant: String) {
        #expect(Suggestion.nearest(to: word, among: known) == meant)
    }

    @Test(arguments: ["", "x", "redis_url_of_old", "color"])
    func `a word that is far from all of them finds none`(_ word: String) {
        #expect(Suggestion.nearest(to: word, among: known) == nil)
        #expect(Suggestion.question(for: word, among: known).isEmpty)
    }

    @Test func `the question names what was meant`() {
        #expect(Suggestion.question(for: "servve", among: known) == " Did you mean serve?")
    }
}
