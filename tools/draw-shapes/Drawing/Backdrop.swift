import GraftTensors

/// What fills a scene beside the figure that the class is about: forms and patterns of seeds that no class has.
enum Backdrop {
  private static let seeds = 1001...1_000_000

  static func pattern(_ generator: inout SeededGenerator) -> Texture {
    let seed = UInt64(generator.whole(seeds))
    if generator.chance(0.75) { return Hide(seed: seed).texture(&generator) }
    return Weave(seed: seed).texture(&generator)
  }

  static func form(_ generator: inout SeededGenerator) -> any Figure {
    let seed = UInt64(generator.whole(seeds))
    if generator.chance(0.5) { return Creature(seed: seed).figure(&generator) }
    return Outline(Contour(seed: seed).corners(&generator), &generator)
  }
}
