import Testing

@testable import GraftImages

struct RandomWarpTests {
  /// Where a view's point lies in 1000 views, seen from 100 × 80 pixels.
  private func places(_ warp: RandomWarp, _ x: Double, _ y: Double) -> [(x: Double, y: Double)] {
    (0..<1000).map { warp.drawn(by: ViewChance(seed: 4, stream: $0), width: 100, height: 80)(x, y) }
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test func `turns go both ways, as far as they may, about the centre`() {
    let warp = RandomWarp(rotation: 30)
    #expect(places(warp, 50, 40).allSatisfy { abs($0.x - 50) < 1e-9 && abs($0.y - 40) < 1e-9 })
    // A point ten pixels to the right comes from above where the view is turned to the right, sin 30° = ½.
    let heights = places(warp, 60, 40).map { $0.y - 40 }
    #expect(heights.allSatisfy { abs($0) <= 5.0001 })
    #expect(heights.contains { $0 > 4.8 } && heights.contains { $0 < -4.8 })
    #expect(abs(mean(heights)) < 0.25)
  }

  @Test func `zooms are as often larger as smaller`() {
    let distances = places(RandomWarp(zoom: 0.25), 60, 40).map { ($0.x - 50) / 10 }
    #expect(distances.allSatisfy { (0.7999...1.2501).contains($0) })
    #expect(abs(distances.count { $0 < 1 } - 500) < 60)
    #expect(abs(distances.count { $0 < 1 / 1.25.squareRoot() } - 250) < 60)
  }

  @Test func `shifts are shares of width and height, each by itself`() {
    let shifts = places(RandomWarp(shift: 0.1), 50, 40).map { ($0.x - 50, $0.y - 40) }
    #expect(shifts.allSatisfy { abs($0.0) <= 10 && abs($0.1) <= 8 })
    #expect(abs(mean(shifts.map { abs($0.0) }) - 5) < 0.4 && abs(mean(shifts.map { abs($0.1) }) - 4) < 0.3)
    #expect(abs(mean(shifts.map { $0.0 * $0.1 })) < 2)
  }

  @Test func `a shear leans upright lines and keeps heights`() {
    let places = places(RandomWarp(shear: 45), 50, 50)
    #expect(places.allSatisfy { abs($0.y - 50) < 1e-9 && abs($0.x - 50) <= 10.001 })
    #expect(places.contains { $0.x > 58 } && places.contains { $0.x < 42 })
  }

  @Test func `a perspective moves corners inwards, by less than its share of half the sides`() {
    let warp = RandomWarp(perspective: 0.4)
    for stream in 0..<200 {
      let forward = warp.drawn(by: ViewChance(seed: 4, stream: UInt64(stream)), width: 100, height: 80).inverted
      let (first, third) = (forward(0, 0), forward(100, 80))
      #expect((-1e-9...20).contains(first.x) && (-1e-9...16).contains(first.y))
      #expect((80...100.000001).contains(third.x) && (64...80.000001).contains(third.y))
    }
  }

  @Test func `each draws for itself`() {
    let all = RandomWarp(rotation: 20, zoom: 0.2, shift: 0.1, shear: 10, perspective: 0.3)
    let paths: [WritableKeyPath<RandomWarp, Double>] = [\.rotation, \.zoom, \.shift, \.shear, \.perspective]
    for stream in 0..<20 {
      let chance = ViewChance(seed: 9, stream: UInt64(stream))
      // With all others off, one alone is what it was: shear first, then zoom, turn, shift and perspective.
      let maps = paths.map { path in
        var one = RandomWarp()
        one[keyPath: path] = all[keyPath: path]
        return one.drawn(by: chance, width: 100, height: 100)
      }
      let composed = [4, 2, 0, 1, 3].reduce(ProjectiveMap.identity) { $0.followed(by: maps[$1]) }
      let (expected, found) = (composed(20, 70), all.drawn(by: chance, width: 100, height: 100)(20, 70))
      #expect(abs(expected.x - found.x) < 1e-6 && abs(expected.y - found.y) < 1e-6)
    }
  }
}
