import Testing

@testable import GraftFormats

@Suite struct CRC32CTests {
  @Test func `checksums are those of RFC 3720, appendix B.4`() {
    #expect(CRC32C.checksum(of: [UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(CRC32C.checksum(of: [UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
    #expect(CRC32C.checksum(of: Array(UInt8(0)..<32)) == 0x46dd_794e)
    #expect(CRC32C.checksum(of: Array((UInt8(0)..<32).reversed())) == 0x113f_db5c)
  }

  @Test func `the checksum of nothing is zero, and that of the nine digits the catalogue's`() {
    #expect(CRC32C.checksum(of: []) == 0)
    #expect(CRC32C.checksum(of: "123456789".utf8) == 0xe306_9283)
  }

  @Test func `a masked checksum is turned and shifted`() {
    let checksum: UInt32 = 0xe306_9283
    #expect(CRC32C.masked(of: "123456789".utf8) == (checksum >> 15 | checksum << 17) &+ 0xa282_ead8)
  }
}
