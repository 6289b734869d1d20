import Foundation

/// A linear change of colours: for red, green and blue of the result, the shares of red, green, blue and of 1.
struct ColorMatrix: Hashable {
  var red, green, blue: SIMD4<Double>

  static let identity = ColorMatrix(red: [1, 0, 0, 0], green: [0, 1, 0, 0], blue: [0, 0, 1, 0])
  static let black = ColorMatrix(red: .zero, green: .zero, blue: .zero)
  static let negative = ColorMatrix(red: [-1, 0, 0, 255], green: [0, -1, 0, 255], blue: [0, 0, -1, 255])
  /// ITU-R BT.601, as Pillow's mode L.
  static let grey = ColorMatrix(red: luma, green: luma, blue: luma)

  private static let luma: SIMD4<Double> = [0.299, 0.587, 0.114, 0]

  /// The same grey everywhere, 0…255.
  static func even(_ level: Double) -> ColorMatrix {
    ColorMatrix(red: [0, 0, 0, level], green: [0, 0, 0, level], blue: [0, 0, 0, level])
  }

  /// From another matrix's result (factor 0) to the image (1) and beyond: Pillow's `Image.blend`.
  static func blend(_ other: ColorMatrix, _ factor: Double) -> ColorMatrix {
    func row(_ path: KeyPath<ColorMatrix, SIMD4<Double>>) -> SIMD4<Double> {
      factor * identity[keyPath: path] + (1 - factor) * other[keyPath: path]
    }
    return ColorMatrix(red: row(\.red), green: row(\.green), blue: row(\.blue))
  }

  /// A turn about the axis of greys that keeps the brightness, as a share of a full one: a third takes reds to about
  /// the greens. NTSC's YIQ, in which colours are an angle.
  static func hue(_ turn: Double) -> ColorMatrix {
    let (c, s) = (cos(2 * .pi * turn), sin(2 * .pi * turn))
    let i: SIMD4<Double> = [0.595716, -0.274453, -0.321263, 0]
    let q: SIMD4<Double> = [0.211456, -0.522591, 0.311135, 0]
    let (newI, newQ) = (c * i + s * q, c * q - s * i)
    // The inverse of luma, I and Q.
    return ColorMatrix(
      red: luma + 0.956296 * newI + 0.621024 * newQ, green: luma - 0.272122 * newI - 0.647381 * newQ,
      blue: luma - 1.106989 * newI + 1.704615 * newQ)
  }

  /// This change and then the next one.
  func followed(by next: ColorMatrix) -> ColorMatrix {
    func row(_ shares: SIMD4<Double>) -> SIMD4<Double> {
      shares.x * red + shares.y * green + shares.z * blue + [0, 0, 0, shares.w]
    }
    return ColorMatrix(red: row(next.red), green: row(next.green), blue: row(next.blue))
  }

  /// The brightness that a colour, 0…255, has after the change.
  func luma(ofColor color: SIMD3<Double>) -> Double {
    let source = SIMD4(color, 1)
    let changed: SIMD4<Double> = [(red * source).sum(), (green * source).sum(), (blue * source).sum(), 0]
    return (Self.luma * changed).sum()
  }

  var numbers: [Float] { [red, green, blue].flatMap { [Float($0.x), Float($0.y), Float($0.z), Float($0.w)] } }
}
