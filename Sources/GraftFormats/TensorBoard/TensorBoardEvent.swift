/// One record of a TensorBoard event file: numbers of one step.
///
/// Source: `event.proto` and `summary.proto` of TensorBoard; scalars as `tf.summary.scalar` of TensorFlow 2 writes them.
public struct TensorBoardEvent: Hashable, Sendable {
  public struct Scalar: Hashable, Sendable {
    /// What TensorBoard groups curves by: `loss`, or `rates/learning_rate`.
    public let tag: String
    public let value: Float

    public init(tag: String, value: Float) {
      self.tag = tag
      self.value = value
    }
  }

  /// Seconds since 1970.
  public let time: Double
  public let step: Int
  public let scalars: [Scalar]

  public init(time: Double, step: Int, scalars: [Scalar]) {
    self.time = time
    self.step = step
    self.scalars = scalars
  }
}

extension TensorBoardEvent {
  /// The record that every event file begins with.
  static func fileVersion(time: Double) -> [UInt8] {
    var writer = WireWriter(path: "")
    writer.double(1, time)
    writer.text(3, "brain.Event:2")
    return framed(writer.bytes)
  }

  var record: [UInt8] {
    var writer = WireWriter(path: "")
    writer.double(1, time)
    if step != 0 { writer.integer(2, step) }
    writer.message(5) { summary in
      for scalar in scalars { summary.scalar(scalar) }
    }
    return Self.framed(writer.bytes)
  }

  /// TensorFlow's record: the length, its checksum, the message, its checksum; all little-endian.
  private static func framed(_ message: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(message.count))
    return length + littleEndian(CRC32C.masked(of: length)) + message + littleEndian(CRC32C.masked(of: message))
  }

  private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian, Array.init)
  }
}

extension WireWriter {
  fileprivate mutating func scalar(_ scalar: TensorBoardEvent.Scalar) {
    message(1) { value in
      value.text(1, scalar.tag)
      value.message(8) { tensor in
        tensor.integer(1, 1)  // DT_FLOAT
        tensor.message(2) { _ in }  // of no dimensions
        tensor.packed(5, [scalar.value])
      }
      value.message(9) { metadata in
        metadata.message(1) { $0.text(1, "scalars") }
        metadata.integer(4, 1)  // DATA_CLASS_SCALAR
      }
    }
  }
}
