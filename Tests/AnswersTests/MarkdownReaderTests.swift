import Answers
import Testing

struct MarkdownReaderTests {
    /// Texts with the code blocks that CommonMark finds, as `language|code`.
    static let cases: [(String, [String])] = [
        ("```json\n{}\n```", ["json|{}\n"]), ("~~~ python extra\nx\n~~~", ["python|x\n"]), ("```\nx\n```", ["|x\n"]),
        ("text\n```json\n1\n```\nmore\n```json\n2\n```", ["json|1\n", "json|2\n"]),
        ("````\n```\n````", ["|```\n"]), ("```a\nx\n````", ["a|x\n"]), ("```a\nx\n``", ["a|x\n``\n"]),
        ("   ```a\n   x\n     y\n   ```", ["a|x\n  y\n"]), ("    ```a\n    x", ["|```a\nx\n"]),
        ("```json\ncut off", ["json|cut off\n"]),
        ("``` a`b\nx", []), ("~~~ a`b\nx", ["a`b|x\n"]), ("- item\n\n  ```c\n  x\n  ```\n", ["c|x\n"]),
        ("1. ```c\n   x\n   ```", ["c|x\n"]),
        ("> ```c\n> x\n> ```", ["c|x\n"]), ("> ```c\nx", ["c|"]), ("- ```c\nx\n```\ny", ["c|", "|y\n"]),
        ("para\n    not code", []), ("para\n\n    code\n\n    more\n", ["|code\n\nmore\n"]), ("\tcode\n", ["|code\n"]),
        ("```make\nall:\n\tcc\n```", ["make|all:\n\tcc\n"]), ("<div>\n```a\nx\n```\n</div>", ["a|x\n"]),
        ("<div>\ntext\n```a\nx\n```\n", []),
        ("<think>\nhm\n</think>\n```json\n1\n```", ["json|1\n"]), ("<!-- ```a\n```b\n-->\n```c\n```", ["c|"]),
        ("```json {x}\n1\n```", ["json|1\n"]), ("```JSON\n1\n```", ["JSON|1\n"]), ("`json x`", []),
        ("```json\n\n\n```", ["json|\n\n"]),
        ("a\r\n```b\r\nx\r\n```\r\n", ["b|x\n"]), ("* * *\n```a\nx\n```", ["a|x\n"]), ("-\n  ```a\n  x", ["a|x\n"]),
        ("-\n\n  ```a\n  x", ["a|x\n"]),
        ("# head\n    code", ["|code\n"]), ("para\n===\n    code", ["|code\n"]),
        ("1) a\n   1) ```x\n      y\n      ```", ["x|y\n"]), ("", []),
    ]

    @Test(arguments: cases)
    func `code blocks are those that CommonMark has`(text: String, blocks: [String]) {
        let found = MarkdownReader.codeBlocks(of: text).map { "\($0.language ?? "")|\($0.code)" }
        #expect(found == blocks)
    }

    @Test func `a text of nothing but markers ends`() {
        let text = String(repeating: String(repeating: "> - ", count: 2000) + "```\n", count: 20)
        #expect(MarkdownReader.codeBlocks(of: text).count < 100)
    }
}
