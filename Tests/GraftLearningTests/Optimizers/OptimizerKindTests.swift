import GraftLearning
import Testing

@Suite struct OptimizerKindTests {
  @Test func `each name gives its optimizer with default settings`() {
    #expect(OptimizerKind.names == ["sgd", "rmsprop", "adagrad", "adam", "adamw", "nadam", "lion", "lamb", "lars"])
    #expect(OptimizerKind(named: "sgd")?.optimizer as? SGD == SGD(momentum: 0.9, nesterov: false))
    #expect(OptimizerKind(named: "adam")?.optimizer as? Adam == Adam(beta1: 0.9, beta2: 0.999))
    #expect(OptimizerKind(named: "adamw")?.optimizer as? AdamW == AdamW(beta1: 0.9, beta2: 0.999))
  }

  @Test func `capitals do not matter`() {
    #expect(OptimizerKind(named: "AdamW") == .adamw)
    #expect(OptimizerKind(named: "SGD") == .sgd)
  }

  @Test(arguments: ["", "adadelta", "adam ", "sgd,adam"])
  func `an unknown name gives nothing`(name: String) {
    #expect(OptimizerKind(named: name) == nil)
  }
}
