/// Something done to all colours of an image: Pillow's operations, by which torchvision's `functional` works.
enum ColorStep: Hashable {
  /// Factors of `ImageEnhance`: 1 changes nothing, 0 is black, one grey, greys, smooth.
  case brightness(Double)
  case contrast(Double)
  case saturation(Double)
  case sharpness(Double)
  /// Of a full turn about the axis of greys.
  case hue(Double)
  /// `ImageOps`: so many bits are kept.
  case posterize(Int)
  /// `ImageOps`: what is not below the threshold becomes its negative.
  case solarize(Double)
  case autocontrast
  case equalize
  /// The negative.
  case invert
}

extension EditedImage {
  /// Steps one after another; neighbours that are linear in the one pass of a matrix.
  mutating func apply(_ steps: [ColorStep]) {
    var matrix = ColorMatrix.identity
    for step in steps {
      if let next = linear(step, after: matrix) {
        matrix = matrix.followed(by: next)
        continue
      }
      apply(matrix)
      matrix = .identity
      switch step {
      case .posterize(let bits): apply(.posterized(bits: bits))
      case .solarize(let threshold): apply(.solarized(threshold: threshold))
      case .autocontrast: apply(.autocontrast(histograms))
      case .equalize: apply(.equalized(histograms))
      case .sharpness(let factor): sharpen(factor)
      case .brightness, .contrast, .saturation, .hue, .invert: break
      }
    }
    apply(matrix)
  }

  private func linear(_ step: ColorStep, after previous: ColorMatrix) -> ColorMatrix? {
    switch step {
    case .brightness(let factor): .blend(.black, factor)
    case .contrast(let factor): .blend(.even(previous.luma(ofColor: meanColor)), factor)
    case .saturation(let factor): .blend(.grey, factor)
    case .hue(let turn): .hue(turn)
    case .invert: .negative
    case .posterize, .solarize, .autocontrast, .equalize, .sharpness: nil
    }
  }
}
