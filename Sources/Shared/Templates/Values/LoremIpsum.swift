/// The global `lipsum()`: paragraphs of no meaning.
enum LoremIpsum {
    @Sendable
    static func generate(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> Value {
        let values = try arguments.bind("generate_lorem_ipsum", ["n", "html", "min", "max"])
        let count = try values[0].integer(or: 5)
        let isHTML = try values[1].map { value throws(TemplateError) in try evaluator.isTrue(value) } ?? true
        let (least, most) = (try values[2].integer(or: 20), try values[3].integer(or: 100))
        guard count <= 0 || least < most else {
            throw .value("empty range for randrange() (\(least), \(most), \(most - least))")
        }
        var paragraphs: [String] = []
        var size = 0
        for _ in 0..<max(0, count) {
            let words = least + (try evaluator.random(below: most - least))
            try evaluator.meter.charge(max(1, words))
            try evaluator.checkSize(words)
            paragraphs.append(try paragraph(words, evaluator))
            size += paragraphs[paragraphs.count - 1].utf8.count
            try evaluator.checkSize(size)
        }
        if !isHTML { return .string(paragraphs.joined(separator: "\n\n")) }
        return .markup(paragraphs.map { "<p>\($0)</p>" }.joined(separator: "\n"))
    }

    private static func paragraph(_ count: Int, _ evaluator: Evaluator) throws(TemplateError) -> String {
        var parts: [String] = []
        var (lastComma, lastStop, last) = (0, 0, -1)
        var beginsSentence = true
        for place in 0..<max(0, count) {
            var choice = try evaluator.random(below: words.count - 1)
            if choice >= last, last >= 0 { choice += 1 }
            last = choice
            var word = beginsSentence ? PythonCase.capitalize(words[choice]) : words[choice]
            beginsSentence = false
            if place - (3 + (try evaluator.random(below: 5))) > lastComma {
                lastComma = place
                lastStop += 2
                word += ","
            }
            if place - (10 + (try evaluator.random(below: 10))) > lastStop {
                (lastComma, lastStop) = (place, place)
                word += "."
                beginsSentence = true
            }
            parts.append(word)
        }
        var text = parts.joined(separator: " ")
        if text.utf8.last == UInt8(ascii: ",") { text.removeLast() }
        return text.utf8.last == UInt8(ascii: ".") ? text : text + "."
    }

    private static let words = """
        lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore \
        magna aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo \
        consequat duis aute irure in reprehenderit voluptate velit esse cillum eu fugiat nulla pariatur excepteur sint \
        occaecat cupidatat non proident sunt culpa qui officia deserunt mollit anim id est laborum
        """.split(separator: " ").map(String.init)
}
