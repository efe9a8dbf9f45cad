/// Why a template cannot be used or rendered, and where.
package struct TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable {
        /// The source is not a template, or names a filter or test that does not exist.
        case syntax
        /// Something was done with a value that is not there.
        case undefined
        /// The sandbox refuses it.
        case security
        /// An operation failed on the values at hand.
        case runtime
        /// A bound of the engine or of this rendering was passed.
        case limit
    }

    /// The class that the reference implementation raises, for callers whose reaction depends on it.
    package enum Exception: String, Hashable, Sendable {
        case templateSyntaxError = "TemplateSyntaxError"
        case templateRuntimeError = "TemplateRuntimeError"
        case undefinedError = "UndefinedError"
        case securityError = "SecurityError"
        case typeError = "TypeError"
        case valueError = "ValueError"
        case zeroDivisionError = "ZeroDivisionError"
        case overflowError = "OverflowError"
        case indexError = "IndexError"
        case keyError = "KeyError"
        case attributeError = "AttributeError"
        case assertionError = "AssertionError"
        case recursionError = "RecursionError"
        case memoryError = "MemoryError"
    }

    package let kind: Kind
    package let exception: Exception
    package let reason: String
    /// The template's name.
    package internal(set) var template = ""
    /// From 1; 0 while the place is not known.
    package internal(set) var line = 0
    /// From 1, in code points; 0 while the place is not known.
    package internal(set) var column = 0

    init(_ kind: Kind, _ exception: Exception, _ reason: String, at position: SourcePosition? = nil) {
        self.kind = kind
        self.exception = exception
        self.reason = reason
        line = position?.line ?? 0
        column = position?.column ?? 0
    }

    package var description: String {
        let place = line > 0 ? ", line \(line), column \(column)" : ""
        return "\(template.isEmpty ? "template" : template)\(place): \(reason)"
    }

    /// This error with a place, unless it has one already.
    func located(at position: SourcePosition) -> TemplateError {
        guard line == 0 else { return self }
        var error = self
        error.line = position.line
        error.column = position.column
        return error
    }

    func named(_ template: String) -> TemplateError {
        var error = self
        error.template = template
        return error
    }
}

extension TemplateError {
    static func syntax(_ reason: String, at position: SourcePosition) -> TemplateError {
        TemplateError(.syntax, .templateSyntaxError, reason, at: position)
    }

    static func undefined(_ reason: String) -> TemplateError { TemplateError(.undefined, .undefinedError, reason) }

    static func security(_ reason: String) -> TemplateError { TemplateError(.security, .securityError, reason) }

    static func type(_ reason: String) -> TemplateError { TemplateError(.runtime, .typeError, reason) }

    static func value(_ reason: String) -> TemplateError { TemplateError(.runtime, .valueError, reason) }

    static func runtime(_ reason: String) -> TemplateError { TemplateError(.runtime, .templateRuntimeError, reason) }

    static func overflow(_ reason: String) -> TemplateError { TemplateError(.runtime, .overflowError, reason) }

    static func division(_ reason: String) -> TemplateError { TemplateError(.runtime, .zeroDivisionError, reason) }

    static func limit(_ reason: String) -> TemplateError { TemplateError(.limit, .memoryError, reason) }

    static func recursion(_ reason: String) -> TemplateError { TemplateError(.limit, .recursionError, reason) }
}
