/// The object ids of PostgreSQL's built-in types that are read or written here (its `pg_type.dat`).
struct PostgresType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    let rawValue: UInt32

    /// Left to the server to infer, as for a NULL.
    static let unspecified = PostgresType(rawValue: 0)

    static let bool = PostgresType(rawValue: 16)
    static let bytea = PostgresType(rawValue: 17)
    static let name = PostgresType(rawValue: 19)
    static let int8 = PostgresType(rawValue: 20)
    static let int2 = PostgresType(rawValue: 21)
    static let int4 = PostgresType(rawValue: 23)
    static let text = PostgresType(rawValue: 25)
    static let json = PostgresType(rawValue: 114)
    static let float4 = PostgresType(rawValue: 700)
    static let float8 = PostgresType(rawValue: 701)
    static let unknown = PostgresType(rawValue: 705)
    static let void = PostgresType(rawValue: 2278)
    static let bpchar = PostgresType(rawValue: 1042)
    static let varchar = PostgresType(rawValue: 1043)
    static let timestamptz = PostgresType(rawValue: 1184)
    static let numeric = PostgresType(rawValue: 1700)
    static let uuid = PostgresType(rawValue: 2950)
    static let jsonb = PostgresType(rawValue: 3802)

    static let boolArray = PostgresType(rawValue: 1000)
    static let byteaArray = PostgresType(rawValue: 1001)
    static let nameArray = PostgresType(rawValue: 1003)
    static let int2Array = PostgresType(rawValue: 1005)
    static let int4Array = PostgresType(rawValue: 1007)
    static let textArray = PostgresType(rawValue: 1009)
    static let varcharArray = PostgresType(rawValue: 1015)
    static let int8Array = PostgresType(rawValue: 1016)
    static let float4Array = PostgresType(rawValue: 1021)
    static let float8Array = PostgresType(rawValue: 1022)
    static let timestamptzArray = PostgresType(rawValue: 1185)

    var description: String { Self.names[self] ?? "type \(rawValue)" }

    private static let names: [PostgresType: String] = [
        .bool: "bool", .bytea: "bytea", .name: "name", .int8: "int8", .int2: "int2", .int4: "int4", .text: "text",
        .json: "json", .float4: "float4", .float8: "float8", .unknown: "unknown", .void: "void", .bpchar: "bpchar",
        .varchar: "varchar", .timestamptz: "timestamptz", .numeric: "numeric", .uuid: "uuid", .jsonb: "jsonb",
        .boolArray: "bool[]", .byteaArray: "bytea[]", .nameArray: "name[]", .int2Array: "int2[]",
        .int4Array: "int4[]", .textArray: "text[]", .varcharArray: "varchar[]", .int8Array: "int8[]",
        .float4Array: "float4[]", .float8Array: "float8[]", .timestamptzArray: "timestamptz[]",
    ]
}
