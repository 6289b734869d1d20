import Foundation
import Testing

@testable import GraftImages

/// Views of one number in several sizes show the same part of a photograph: a teacher of another size than its student sees what
/// the student sees.
@Suite struct ViewSizeTests {
  private let file = Data((0..<999).map { UInt8(truncatingIfNeeded: $0 * 7) })

  private func views(_ words: String, _ number: Int) throws -> [TrainingView] {
    let augmentation = try #require(try Augmentation.parse(words))
    return [8, 24, 224].map { side in
      TrainingView(EvaluationView(width: side, height: side), augmentation, seed: 5, number: number)
    }
  }

  @Test(arguments: 0..<5)
  func `crops and flips are of the photograph`(number: Int) throws {
    let choices = try views("crop,flip,vflip", number).map { $0.choice(for: file, width: 400, height: 300) }
    #expect(Set(choices).count == 1 && choices[0].part != nil)
  }

  @Test(arguments: 0..<5)
  func `warps go by shares of the view`(number: Int) throws {
    let places = try views("rotate:20,zoom:0.3,shift:0.2,shear:10,perspective:0.3", number).map { view in
      let side = Double(view.width)
      let map = view.augmentation.warp.drawn(by: view.chance(for: file), width: side, height: side)
      let place = map(0.3 * side, 0.8 * side)
      return (x: place.x / side, y: place.y / side)
    }
    for place in places { #expect(abs(place.x - places[0].x) < 1e-9 && abs(place.y - places[0].y) < 1e-9) }
    #expect(abs(places[0].x - 0.3) > 1e-6)
  }

  @Test(arguments: 0..<5)
  func `colours change alike`(number: Int) throws {
    let steps = try views("brightness:0.2,contrast:0.2,hue:0.1", number).map {
      $0.augmentation.color.drawn(by: $0.chance(for: file))
    }
    #expect(steps.allSatisfy { "\($0)" == "\(steps[0])" } && steps[0].count == 3)
  }
}
