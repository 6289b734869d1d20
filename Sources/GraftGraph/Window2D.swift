import GraftTensors

/// How the window of a convolution or a pooling moves over a feature map.
public struct Window2D: Hashable, Sendable, Codable {
  public enum Padding: Hashable, Sendable, Codable {
    /// None: only windows that lie wholly within the input.
    case valid
    /// As much as makes the output ⌈input / stride⌉, the odd pixel at the bottom and right. Source: TensorFlow's guide
    /// to padding; PyTorch's symmetric padding differs at stride 2.
    case same
    /// Pixels at each edge.
    case explicit(top: Int, bottom: Int, left: Int, right: Int)

    /// The same number of pixels at every edge.
    public static func all(_ pixels: Int) -> Padding {
      .explicit(top: pixels, bottom: pixels, left: pixels, right: pixels)
    }
  }

  /// What becomes of a last window that the padded input does not fill.
  public enum Rounding: String, Hashable, Sendable, Codable {
    /// It is left out.
    case down
    /// It counts, if it begins within the input or the padding before it: PyTorch's and ONNX's "ceil mode".
    case up
  }

  public var size: Size2D
  public var strides: Size2D
  public var dilation: Size2D
  public var padding: Padding
  public var rounding: Rounding

  public init(
    size: Size2D, strides: Size2D = 1, dilation: Size2D = 1, padding: Padding = .valid, rounding: Rounding = .down
  ) {
    self.size = size
    self.strides = strides
    self.dilation = dilation
    self.padding = padding
    self.rounding = rounding
  }

  /// Pixels added at each edge of an input of the given size.
  public struct Margins: Hashable, Sendable {
    public var top, bottom, left, right: Int

    public init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
      self.top = top
      self.bottom = bottom
      self.left = left
      self.right = right
    }
  }

  public func margins(for input: Size2D) -> Margins {
    switch padding {
    case .valid:
      return Margins(top: 0, bottom: 0, left: 0, right: 0)
    case .explicit(let top, let bottom, let left, let right):
      return Margins(top: top, bottom: bottom, left: left, right: right)
    case .same:
      let vertical = Self.samePadding(input.height, span: span.height, stride: strides.height)
      let horizontal = Self.samePadding(input.width, span: span.width, stride: strides.width)
      return Margins(
        top: vertical / 2, bottom: vertical - vertical / 2, left: horizontal / 2, right: horizontal - horizontal / 2)
    }
  }

  /// The size of the output, or nil where the padded input is smaller than the window.
  public func outputSize(for input: Size2D) -> Size2D? {
    let margins = margins(for: input)
    let height = input.height + margins.top + margins.bottom - span.height
    let width = input.width + margins.left + margins.right - span.width
    guard height >= 0, width >= 0 else { return nil }
    return Size2D(
      height: steps(height, strides.height, begin: input.height + margins.top) + 1,
      width: steps(width, strides.width, begin: input.width + margins.left) + 1)
  }

  /// How often the window moves on within `room`; none may begin at `begin` or later.
  private func steps(_ room: Int, _ stride: Int, begin: Int) -> Int {
    guard rounding == .up else { return room / stride }
    let steps = (room + stride - 1) / stride
    return steps * stride >= begin ? steps - 1 : steps
  }

  /// What the window covers once dilated.
  public var span: Size2D {
    Size2D(height: (size.height - 1) * dilation.height + 1, width: (size.width - 1) * dilation.width + 1)
  }

  private static func samePadding(_ input: Int, span: Int, stride: Int) -> Int {
    let output = (input + stride - 1) / stride
    return max((output - 1) * stride + span - input, 0)
  }
}

extension Layer {
  /// The size of a window's output over a feature map.
  func slide(_ window: Window2D, over input: Shape) throws(GraphError) -> Size2D {
    try validate(window)
    let size = Size2D(height: input[1], width: input[2])
    guard let output = window.outputSize(for: size) else {
      throw .inputTooSmall(layer: name, kind: Self.kind, window: window.span, found: size)
    }
    return output
  }

  private func validate(_ window: Window2D) throws(GraphError) {
    for (option, size) in [("window", window.size), ("strides", window.strides), ("dilation", window.dilation)] {
      guard size.height > 0, size.width > 0 else {
        throw .invalidOption(layer: name, kind: Self.kind, option: option, expected: "at least 1×1", found: "\(size)")
      }
      guard max(size.height, size.width) <= Self.largestAmount else {
        throw .invalidOption(
          layer: name, kind: Self.kind, option: option, expected: "at most \(Size2D(Self.largestAmount))",
          found: "\(size)")
      }
    }
    if case .explicit(let top, let bottom, let left, let right) = window.padding {
      try validate([top, bottom, left, right], as: "padding")
    }
  }

  /// Beyond any network: a number of elements that comes from a damaged or hostile file, or would overflow.
  static var largestAmount: Int { 1 << 20 }

  /// Numbers of elements at the edges.
  func validate(_ amounts: [Int], as option: String) throws(GraphError) {
    guard let least = amounts.min(), let most = amounts.max(), least < 0 || most > Self.largestAmount else { return }
    throw .invalidOption(
      layer: name, kind: Self.kind, option: option,
      expected: least < 0 ? "no negative number" : "no number above \(Self.largestAmount)",
      found: amounts.map(String.init).joined(separator: ", "))
  }
}
