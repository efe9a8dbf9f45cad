/// How a template is rendered.
package struct RenderOptions: Hashable, Sendable {
    package enum Output: Hashable, Sendable {
        case text
        /// The template is JSON text whose strings have expressions in them: every value is escaped for the inside of a
        /// JSON string, `true`, `false` and `null` are written as JSON has them, arrays and objects as JSON text. A
        /// dictionary's keys go before its methods.
        case json
    }

    package var output: Output
    package var undefined: UndefinedBehavior
    package var limits: RenderLimits

    package init(
        output: Output = .text, undefined: UndefinedBehavior = .columns, limits: RenderLimits = .default
    ) {
        self.output = output
        self.undefined = undefined
        self.limits = limits
    }
}
