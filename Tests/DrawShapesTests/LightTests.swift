import GraftTensors
import Testing

@testable import DrawShapes

@Suite struct LightTests {
  private let grey = Color(repeating: 0.5)

  @Test func `a slope towards the light is brighter than one away from it, and shadows fall away from it`() {
    for seed in 0..<30 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let light = Light(&generator)
      // From above, more or less: so shadows fall downwards.
      #expect(light.shadowWay.y > 0)
      let away = light.shadowWay / light.shadowWay.length
      // What rises away from the light is turned towards it.
      let (turnedTo, turnedFrom) = (
        light.on(grey, slope: away * 0.4, at: .zero), light.on(grey, slope: -away * 0.4, at: .zero)
      )
      let flat = light.on(grey, slope: .zero, at: .zero)
      #expect(turnedTo.sum() > turnedFrom.sum())
      #expect(flat.sum() > turnedFrom.sum())
      #expect(turnedFrom.min() > 0)
    }
  }
}
