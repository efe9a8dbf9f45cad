/// What a name, attribute or element is that is not there: prints nothing, is false and empty, and fails when used.
final class Undefined {
    /// What failing with it says.
    private let makeReason: () -> String
    /// The sandbox refused the attribute.
    let isUnsafe: Bool
    /// Even printing, testing or iterating fails.
    let isStrict: Bool

    init(isStrict: Bool, isUnsafe: Bool = false, reason: @escaping () -> String) {
        makeReason = reason
        self.isStrict = isStrict
        self.isUnsafe = isUnsafe
    }

    var error: TemplateError { isUnsafe ? .security(makeReason()) : .undefined(makeReason()) }
}
