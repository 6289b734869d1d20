import Foundation
import GraftImages
import GraftTensors

/// A figure at a random place, size and angle, in random colours, by itself on a ground that is not quite plain.
struct Picture {
  private let figure: any Figure
  private let size: Int
  private let colors: ColorPair
  /// What the ground turns into across the picture.
  private let farGround: Color
  private let farInk: Color
  private let slope: Point
  private let unevenness: ValueNoise
  private let unevennessWeight: Float
  private let grain: Float
  /// From pixels to the figure's own plane.
  private let center: Point
  private let scale: Float
  private let angle: Float
  private var generator: SeededGenerator

  /// Samples along a side of a pixel: ink is measured at the square of this many points, which smooths edges.
  private static let samples = 3

  init(of figure: any Figure, size: Int, _ generator: inout SeededGenerator) {
    self.figure = figure
    self.size = size
    colors = ColorPair(&generator)
    farGround = colors.ground + (ColorPair.random(&generator) - colors.ground) * generator.between(0, 0.35)
    farInk = colors.ink + (ColorPair.random(&generator) - colors.ink) * generator.between(0, 0.25)
    slope = .polar(generator.turn())
    unevenness = ValueNoise(octaves: 2, &generator)
    unevennessWeight = generator.chance(0.5) ? generator.between(0, 0.3) : 0
    grain = generator.between(0, 0.14)
    angle = generator.turn()
    if figure.isEndless {
      scale = generator.between(0.7, 1.5)
      center = generator.point(within: 4)
    } else {
      // The figure's radius is 1: a share of the picture's side, shifted so far that most of it stays in view.
      scale = 1 / generator.between(0.42, 0.95)
      center = generator.point(within: max(0.05, 1.1 - 1 / scale))
    }
    self.generator = generator
  }

  /// The pixels.
  mutating func drawn() -> RGBImage {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(size * size * 3)
    let (sine, cosine) = (Trigonometry.sine(angle), Trigonometry.cosine(angle))
    for row in 0..<size {
      for column in 0..<size {
        var ink: Float = 0
        for sample in 0..<Self.samples * Self.samples {
          let offset = Point(Float(sample % Self.samples), Float(sample / Self.samples)) + 0.5
          let place = (Point(Float(column), Float(row)) + offset / Float(Self.samples)) * (2 / Float(size)) - 1
          let moved = (figure.isEndless ? place + center : place - center) * scale
          let own = Point(cosine * moved.x + sine * moved.y, cosine * moved.y - sine * moved.x)
          if figure.isEndless || own.length < 1.05 { ink += figure.ink(at: own) }
        }
        let place = Point(Float(column), Float(row)) * (2 / Float(size)) - 1
        pixels.append(contentsOf: bytes(of: color(ink: ink / Float(Self.samples * Self.samples), at: place)))
      }
    }
    return RGBImage(width: size, height: size, pixels: pixels)
  }

  private func color(ink: Float, at place: Point) -> Color {
    let way = min(max(0.5 + 0.5 * (place * slope).sum(), 0), 1)
    let stain = unevennessWeight * (unevenness.height(at: 3 * place) - 0.5)
    let ground = colors.ground + (farGround - colors.ground) * way + stain
    let own = colors.ink + (farInk - colors.ink) * way
    return ground + (own - ground) * ink
  }

  private mutating func bytes(of color: Color) -> [UInt8] {
    let noise = ColorPair.random(&generator) - Color(repeating: 0.5)
    let noisy = color + noise * grain
    let scaled = (noisy.clamped(lowerBound: .zero, upperBound: .one) * 255).rounded(.toNearestOrEven)
    return [UInt8(scaled.x), UInt8(scaled.y), UInt8(scaled.z)]
  }
}
