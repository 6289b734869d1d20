import GraftTensors

/// A figure with a surface, somewhere in a scene.
struct Thing: Sendable {
  let figure: any Figure
  let surface: Surface
  let placement: Placement

  /// Samples along a side of a pixel.
  private static let samples = 2
  /// From a share of the picture's side to how far an edge's slope reaches inwards.
  private static let roundness: Float = 0.05

  /// Puts the thing, its shading and its shadow onto a picture.
  func draw(onto picture: inout [Color], size: Int, light: Light) {
    let cover = coverage(size: size)
    if !figure.isEndless { castShadow(of: cover, onto: &picture, light: light) }
    let marks = Plane(size: size) { surface.mark(at: own(Float($1) + 0.5, Float($0) + 0.5, size)) }
    let swelling = figure.isEndless ? cover : cover.blurred(reach: max(1, Int(Self.roundness * Float(size))))
    let steepness = 0.5 * Float(size) * 0.12
    for row in 0..<size {
      for column in 0..<size where cover[row, column] > 0 {
        let point = own(Float(column) + 0.5, Float(row) + 0.5, size)
        let color = surface.color(at: point, mark: marks[row, column], tone: figure.tone(at: point))
        var slope = Point(
          swelling[row, column + 1] - swelling[row, column - 1], swelling[row + 1, column] - swelling[row - 1, column])
        slope *= steepness
        if surface.relief > 0 {
          let rough = Point(
            marks[row, column + 1] - marks[row, column - 1], marks[row + 1, column] - marks[row - 1, column])
          slope += rough * surface.relief
        }
        let lit = light.on(color, slope: slope, at: Self.place(Float(column), Float(row), size))
        let index = row * size + column
        picture[index] += (lit - picture[index]) * cover[row, column]
      }
    }
  }

  private func castShadow(of cover: Plane, onto picture: inout [Color], light: Light) {
    let size = cover.size
    let soft = cover.blurred(reach: max(1, size / 32))
    let way = light.shadowWay * (Float(size) / 2)
    let (right, down) = (Int(way.x.rounded()), Int(way.y.rounded()))
    for row in 0..<size {
      for column in 0..<size {
        picture[row * size + column] *= 1 - light.shadowStrength * soft[row - down, column - right]
      }
    }
  }

  /// How much of each pixel the figure covers.
  private func coverage(size: Int) -> Plane {
    guard !figure.isEndless else { return Plane(size: size) { _, _ in 1 } }
    return Plane(size: size) { row, column in
      var ink: Float = 0
      for sample in 0..<Self.samples * Self.samples {
        let offset = Point(Float(sample % Self.samples), Float(sample / Self.samples)) + 0.5
        let corner = Point(Float(column), Float(row)) + offset / Float(Self.samples)
        let point = own(corner.x, corner.y, size)
        if point.length < 1.05 { ink += figure.ink(at: point) }
      }
      return ink / Float(Self.samples * Self.samples)
    }
  }

  private func own(_ x: Float, _ y: Float, _ size: Int) -> Point { placement.own(of: Self.place(x, y, size)) }

  private static func place(_ x: Float, _ y: Float, _ size: Int) -> Point { Point(x, y) * (2 / Float(size)) - 1 }
}
