import Foundation

/// A map of the plane that keeps straight lines straight: 3 × 3 numbers, row by row, for points (x, y, 1).
///
/// Points are counted in pixels from the top left corner of an image; the centre of its first pixel is (½, ½).
struct ProjectiveMap: Hashable {
  private var rows: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)

  init(_ numbers: [Double]) {
    precondition(numbers.count == 9, "\(numbers.count) numbers for 3 × 3")
    rows = (
      SIMD3(numbers[0], numbers[1], numbers[2]), SIMD3(numbers[3], numbers[4], numbers[5]),
      SIMD3(numbers[6], numbers[7], numbers[8])
    )
  }

  var numbers: [Double] { [rows.0, rows.1, rows.2].flatMap { [$0.x, $0.y, $0.z] } }

  static func == (first: ProjectiveMap, second: ProjectiveMap) -> Bool { first.rows == second.rows }

  func hash(into hasher: inout Hasher) { hasher.combine(numbers) }

  static let identity = scaling(1, 1)

  static func scaling(_ x: Double, _ y: Double) -> ProjectiveMap { ProjectiveMap([x, 0, 0, 0, y, 0, 0, 0, 1]) }

  static func translation(_ x: Double, _ y: Double) -> ProjectiveMap { ProjectiveMap([1, 0, x, 0, 1, y, 0, 0, 1]) }

  /// Where this map and then the next one lead.
  func followed(by next: ProjectiveMap) -> ProjectiveMap {
    func row(_ weights: SIMD3<Double>) -> [Double] {
      let sum = weights.x * rows.0 + weights.y * rows.1 + weights.z * rows.2
      return [sum.x, sum.y, sum.z]
    }
    return ProjectiveMap(row(next.rows.0) + row(next.rows.1) + row(next.rows.2))
  }

  /// The way back, which exists for every map that does not flatten the plane.
  var inverted: ProjectiveMap {
    let (a, b, c) = (rows.0, rows.1, rows.2)
    let cofactors = [
      b.y * c.z - b.z * c.y, a.z * c.y - a.y * c.z, a.y * b.z - a.z * b.y,
      b.z * c.x - b.x * c.z, a.x * c.z - a.z * c.x, a.z * b.x - a.x * b.z,
      b.x * c.y - b.y * c.x, a.y * c.x - a.x * c.y, a.x * b.y - a.y * b.x,
    ]
    let determinant = a.x * cofactors[0] + a.y * cofactors[3] + a.z * cofactors[6]
    return ProjectiveMap(cofactors.map { $0 / determinant })
  }

  func callAsFunction(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    let point = SIMD3(x, y, 1)
    let depth = (rows.2 * point).sum()
    return ((rows.0 * point).sum() / depth, (rows.1 * point).sum() / depth)
  }

  /// By how many pixels x and y change, at most, when the point moves by one in any direction.
  func stretch(atX x: Double, y: Double) -> (x: Double, y: Double) {
    let depth = (rows.2 * SIMD3(x, y, 1)).sum()
    let (to, denominator) = (self(x, y), abs(depth))
    func slope(_ row: SIMD3<Double>, _ value: Double) -> Double {
      let (dx, dy) = (row.x - value * rows.2.x, row.y - value * rows.2.y)
      return (dx * dx + dy * dy).squareRoot() / denominator
    }
    return (slope(rows.0, to.x), slope(rows.1, to.y))
  }
}

extension ProjectiveMap {
  /// From a point of the result back to where it lies in the image, for torchvision's `affine`: the image is sheared, enlarged
  /// and turned about the centre, then shifted.
  ///
  /// - Parameters:
  ///   - rotation: degrees, to the left (against the clock) where positive.
  ///   - shearX: degrees that upright lines lean; `shearY`, that level ones do.
  static func affine(
    rotation: Double = 0, zoom: Double = 1, shearX: Double = 0, shearY: Double = 0,
    centre: (x: Double, y: Double) = (0, 0), shift: (x: Double, y: Double) = (0, 0)
  ) -> ProjectiveMap {
    // torchvision's `_get_inverse_affine_matrix`, whose angle runs with the clock.
    let (turn, leanX, leanY) = (-rotation * .pi / 180, shearX * .pi / 180, shearY * .pi / 180)
    let a = cos(turn - leanY) / cos(leanY)
    let b = -a * tan(leanX) - sin(turn)
    let c = sin(turn - leanY) / cos(leanY)
    let d = -c * tan(leanX) + cos(turn)
    return translation(-centre.x - shift.x, -centre.y - shift.y)
      .followed(by: ProjectiveMap([d / zoom, -b / zoom, 0, -c / zoom, a / zoom, 0, 0, 0, 1]))
      .followed(by: translation(centre.x, centre.y))
  }

  /// The square from (0, 0) to (1, 1) onto four corners, clockwise from the top left: Heckbert, “Fundamentals of Texture
  /// Mapping and Image Warping” (1989), section 2.2.3.
  ///
  /// - Precondition: the corners are those of a convex shape.
  static func unitSquare(onto corners: [(x: Double, y: Double)]) -> ProjectiveMap {
    let (p0, p1, p2, p3) = (corners[0], corners[1], corners[2], corners[3])
    let (dx1, dx2, dx3) = (p1.x - p2.x, p3.x - p2.x, p0.x - p1.x + p2.x - p3.x)
    let (dy1, dy2, dy3) = (p1.y - p2.y, p3.y - p2.y, p0.y - p1.y + p2.y - p3.y)
    let determinant = dx1 * dy2 - dx2 * dy1
    let g = (dx3 * dy2 - dx2 * dy3) / determinant
    let h = (dx1 * dy3 - dx3 * dy1) / determinant
    return ProjectiveMap([
      p1.x - p0.x + g * p1.x, p3.x - p0.x + h * p3.x, p0.x,
      p1.y - p0.y + g * p1.y, p3.y - p0.y + h * p3.y, p0.y,
      g, h, 1,
    ])
  }
}
