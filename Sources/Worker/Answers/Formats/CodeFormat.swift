/// Code in one language, in a fenced block.
package struct CodeFormat: Sendable {
    /// As it must stand behind the fence: `python`, and `sql` for every dialect of it.
    package let language: String

    /// - Parameter language: as in a workflow's `code_lang`: `python`, `sql:postgres`.
    package init(language: String) {
        self.language = String(language.prefix { $0 != ":" })
    }

    package var instructions: String {
        """
        * Answer with code in `\(language)`, nothing else is of use.
        * Write it with the usual syntax and good practice of \(language).
        * Put the code into a Markdown fence that names the language: ```\(language)
        * Use exactly one such block.
        """
    }

    /// The last code block, whose language must be this one or not be said, without white space around it.
    func read(_ answer: String) throws(AnswerProblem) -> String {
        guard let block = MarkdownReader.codeBlocks(of: answer).last else {
            throw AnswerProblem(.parse, "the answer has no code block; expected one fenced as ```\(language)")
        }
        if let given = block.language, given != language {
            throw AnswerProblem(
                .parse, "the answer's code block is marked \(given.prefix(40)); expected ```\(language)")
        }
        return block.code.strippedAsPython
    }
}
