import Testing

@testable import Postgres

/// Golden bytes: PostgreSQL's binary formats as its `*_send` functions write them.
struct ParameterEncodingTests {
    private func encode(_ parameter: Parameter) throws -> [UInt8] {
        let encoded = try EncodedStatements([Statement("select $1", [parameter])])
        let value = encoded.values[0]
        #expect(value.type == parameter.type)
        return Array(encoded.bytes[value.offset..<value.offset + (value.count ?? 0)])
    }

    @Test(
        arguments: [
            (Parameter.bool(true), [1]),
            (.bool(false), [0]),
            (.int2(-2), [0xff, 0xfe]),
            (.int4(0x0102_0304), [1, 2, 3, 4]),
            (.int8(-1), [255, 255, 255, 255, 255, 255, 255, 255]),
            (.float8(1), [0x3f, 0xf0, 0, 0, 0, 0, 0, 0]),
            (.text("aü"), [0x61, 0xc3, 0xbc]),
            (.text(""), []),
            (.bytes([0, 255]), [0, 255]),
            // 2000-01-01 00:00:00.000001 UTC, and the infinities.
            (.timestamp(PostgresTimestamp(microseconds: 946_684_800_000_001)), [0, 0, 0, 0, 0, 0, 0, 1]),
            (.timestamp(PostgresTimestamp(microseconds: .max)), [0x7f, 255, 255, 255, 255, 255, 255, 255]),
            (.timestamp(PostgresTimestamp(microseconds: .min)), [0x80, 0, 0, 0, 0, 0, 0, 0]),
        ] as [(Parameter, [UInt8])])
    func `a plain value is big-endian`(parameter: Parameter, bytes: [UInt8]) throws {
        #expect(try encode(parameter) == bytes)
    }

    @Test(
        arguments: [
            (
                Parameter.int2Array([1]),
                [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 21, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1]
            ),
            (
                .int4Array([7, -1]),
                [
                    0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 7, 0, 0, 0, 4,
                    255,
                    255, 255, 255,
                ]
            ),
            (
                .textArray(["é", nil, ""]),
                [
                    0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 25, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0xc3, 0xa9, 255, 255, 255,
                    255,
                    0, 0, 0, 0,
                ]
            ),
            (.int8Array([]), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20]),
            (
                .nullableInt8Array([nil, 2]),
                [
                    0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 20, 0, 0, 0, 2, 0, 0, 0, 1, 255, 255, 255, 255, 0, 0, 0, 8, 0, 0,
                    0, 0,
                    0, 0, 0, 2,
                ]
            ),
            (
                .boolArray([true, false]),
                [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0]
            ),
            (
                .bytesArray([[9], nil]),
                [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 17, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 9, 255, 255, 255, 255]
            ),
        ] as [(Parameter, [UInt8])])
    func `an array has its header, then each element behind its length`(parameter: Parameter, bytes: [UInt8]) throws {
        #expect(try encode(parameter) == bytes)
    }

    @Test func `all parameters of a transaction share one buffer`() throws {
        let encoded = try EncodedStatements([
            Statement("a", [.text("xy"), .null, .int2(5)]), Statement("b"), Statement("c", [.text("")]),
        ])
        #expect(encoded.bytes == [0x78, 0x79, 0, 5, 0])
        #expect(encoded.values.map(\.offset) == [0, 2, 2, 4])
        #expect(encoded.values.map(\.count) == [2, nil, 2, 0])
        #expect(encoded.items.map(\.values) == [0..<3, 3..<3, 3..<4])
    }

    @Test func `text with a NUL is refused, with the statement's index`() throws {
        for bad in [Parameter.text("a\0b"), .textArray(["fine", "\0"])] {
            let error = #expect(throws: PostgresError.self) {
                try EncodedStatements([Statement("a"), Statement("b", [.int4(1), bad])])
            }
            #expect(error?.code == .invalidParameter)
            #expect(error?.statementIndex == 1)
            #expect(error?.message.contains("$2") == true)
        }
        #expect(throws: Never.self) { try EncodedStatements([Statement("a", [.bytes([0]), .int4(0)])]) }
        #expect(throws: PostgresError.self) { try EncodedStatements([Statement("select 'a\0'")]) }
    }

    @Test func `more parameters than a message can count are refused`() throws {
        let many = [Parameter](repeating: .null, count: 65_536)
        #expect(throws: PostgresError.self) { try EncodedStatements([Statement("a", many)]) }
        #expect(throws: Never.self) { try EncodedStatements([Statement("a", Array(many.dropLast()))]) }
    }

    @Test func `a timestamp survives the wire at both ends of its range`() {
        for microseconds in [Int64.min, -1, 0, 946_684_800_000_000, .max - 946_684_800_000_001, .max] {
            let timestamp = PostgresTimestamp(microseconds: microseconds)
            #expect(PostgresTimestamp(wireValue: timestamp.wireValue) == timestamp)
        }
    }
}
