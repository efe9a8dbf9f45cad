/// Attributes that the immutable sandbox refuses.
enum PythonAttributes {
    /// Whether Python gives the value an attribute of this name that is nobody's business.
    static func isInternal(_ name: String, of value: Value) -> Bool {
        if common.contains(name) { return true }
        switch value {
        case .object(is MethodObject): return ofFunctions.contains(name)
        case .object(is ClassObject): return ofClasses.contains(name) || ofFunctions.contains(name)
        case .undefined, .none: return false
        default: return ofValues.contains(name)
        }
    }

    /// Two underscores on both sides.
    static func isDunder(_ name: String) -> Bool {
        name.utf8.starts(with: "__".utf8) && name.utf8.reversed().starts(with: "__".utf8)
    }

    /// Methods that would change a list or dictionary, and inner parts with ordinary names.
    static func isRefused(_ name: String, of value: Value) -> Bool {
        switch value {
        case .list: listMutators.contains(name)
        case .dictionary: dictionaryMutators.contains(name)
        case .object(is ClassObject): name == "mro"
        case .object(is GeneratorObject): name == "gi_frame" || name == "gi_code"
        default: false
        }
    }

    private static let listMutators: Set<String> = [
        "append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove",
    ]

    private static let dictionaryMutators: Set<String> = ["clear", "pop", "popitem", "setdefault", "update"]

    private static let common: Set<String> = [
        "__class__", "__delattr__", "__dir__", "__doc__", "__eq__", "__format__", "__ge__", "__getattribute__",
        "__getstate__", "__gt__", "__hash__", "__init__", "__init_subclass__", "__le__", "__lt__", "__ne__", "__new__",
        "__reduce__", "__reduce_ex__", "__repr__", "__setattr__", "__sizeof__", "__str__", "__subclasshook__",
    ]

    private static let ofValues: Set<String> = [
        "__add__", "__mul__", "__mod__", "__len__", "__iter__", "__getitem__", "__contains__", "__rmul__", "__rmod__",
        "__getnewargs__", "__bool__", "__int__", "__float__", "__index__", "__abs__", "__next__", "__reversed__",
    ]

    private static let ofFunctions: Set<String> = [
        "__call__", "__name__", "__qualname__", "__self__", "__module__", "__text_signature__", "__globals__",
        "__code__", "__closure__", "__defaults__", "__dict__", "__get__", "__kwdefaults__", "__annotations__",
    ]

    private static let ofClasses: Set<String> = [
        "__mro__", "__base__", "__bases__", "__subclasses__", "__basicsize__", "__flags__", "__prepare__",
    ]
}
