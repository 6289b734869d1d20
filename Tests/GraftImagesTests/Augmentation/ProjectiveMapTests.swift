import Testing

@testable import GraftImages

struct ProjectiveMapTests {
  private func expect(_ map: ProjectiveMap, equals numbers: [Double], within tolerance: Double) {
    let scale = map.numbers[8]
    for (found, expected) in zip(map.numbers, numbers + [1]) {
      #expect(abs(found / scale - expected) < tolerance, "\(map.numbers), expected \(numbers)")
    }
  }

  @Test func `turning, zooming, shearing and shifting are torchvision's`() throws {
    for one in try AugmentationValues.read().affine {
      let map = ProjectiveMap.affine(
        rotation: one.rotation, zoom: one.zoom, shearX: one.shearX, shearY: one.shearY,
        centre: (one.centre[0], one.centre[1]), shift: (one.shift[0], one.shift[1]))
      expect(map, equals: one.inverse + [0, 0], within: 1e-12)
    }
  }

  @Test func `a perspective is torchvision's`() throws {
    for one in try AugmentationValues.read().perspective {
      let map = ProjectiveMap.scaling(1.0 / 61, 1.0 / 43)
        .followed(by: .unitSquare(onto: one.corners.map { ($0[0], $0[1]) })).inverted
      expect(map, equals: one.inverse, within: 1e-4)
    }
  }

  @Test func `a map and its inverse lead nowhere`() {
    let map = ProjectiveMap.affine(rotation: 40, zoom: 2, shearX: 7, centre: (3, 9), shift: (1, 2))
      .followed(by: .unitSquare(onto: [(0, 0), (4, 1), (5, 6), (1, 5)]))
    let (x, y) = map(0.3, 0.2)
    let back = map.inverted(x, y)
    #expect(abs(back.x - 0.3) < 1e-9 && abs(back.y - 0.2) < 1e-9)
  }

  @Test func `a stretch is how far neighbours come apart`() {
    let map = ProjectiveMap.affine(rotation: 30).followed(by: .scaling(3, 2))
    let stretch = map.stretch(atX: 5, y: 6)
    #expect(abs(stretch.x - 3) < 1e-12 && abs(stretch.y - 2) < 1e-12)
    let bent = ProjectiveMap.unitSquare(onto: [(0, 0), (4, 1), (5, 6), (1, 5)])
    let (here, right, below) = (bent(0.4, 0.5), bent(0.4 + 1e-6, 0.5), bent(0.4, 0.5 + 1e-6))
    let slopes = ((right.x - here.x) * 1e6, (below.x - here.x) * 1e6)
    #expect(abs(bent.stretch(atX: 0.4, y: 0.5).x - (slopes.0 * slopes.0 + slopes.1 * slopes.1).squareRoot()) < 1e-4)
  }
}
