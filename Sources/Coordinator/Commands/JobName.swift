import ArgumentParser

/// What a job may be called: a name is a folder's name, too.
enum JobName {
    static let longest = 100

    /// - Throws: exit 64, with what a name may be.
    static func check(_ name: String) throws {
        guard isFit(name) else {
            throw ValidationError(
                "--name '\(name)': a name has letters of ASCII, digits, '.', '_' and '-', at most \(longest) of them, "
                    + "and begins with a letter, a digit or '_'.")
        }
    }

    /// The nearest name to a text: `my-reviews` for `my reviews`; `workflow` where nothing is left.
    static func fitting(_ text: String) -> String {
        let name = String(text.map { isAllowed($0) ? $0 : "-" }.drop { $0 == "." || $0 == "-" }.prefix(longest - 10))
        return isFit(name) ? name : "workflow"
    }

    private static func isFit(_ name: String) -> Bool {
        guard let first = name.first, name.count <= longest else { return false }
        return first != "." && first != "-" && name.allSatisfy(isAllowed)
    }

    private static func isAllowed(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber) || "._-".contains(character)
    }
}
