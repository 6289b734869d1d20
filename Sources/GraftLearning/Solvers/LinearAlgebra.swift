import CBLAS
import Foundation

/// What this module uses of BLAS and LAPACK. Matrices are arrays of rows.
///
/// One thread a call: whoever wants more calls from several. OpenBLAS with threads of its own would start as many again
/// under each caller, and its sums would depend on their number.
enum LinearAlgebra {
  enum Orientation {
    case asIs, transposed

    var blas: CBLAS_TRANSPOSE { self == .asIs ? CblasNoTrans : CblasTrans }
  }

  /// How OpenBLAS was built: 0 without threads, 1 with threads of its own, 2 with OpenMP.
  private static let build: Int32 = {
    let build = openblas_get_parallel()
    // With OpenMP the same call would take oneDNN's threads away, too.
    if build == 1 { openblas_set_num_threads(1) }
    return build
  }()

  /// Held during each call of a library without threads: it gives two callers the same memory to work in (seen with Debian
  /// 12's, as wrong products).
  private static let turn = NSLock()

  /// Calls the library.
  static func call(_ work: () -> Void) {
    if build == 0 { turn.withLock(work) } else { work() }
  }

  /// `result = scale · a · b + add · result`, with `a` `[rows, inner]`, `b` `[inner, columns]`, either of them transposed where it
  /// lies so, and `result` `[rows, columns]`.
  static func multiply(
    _ a: UnsafePointer<Double>, _ orientationOfA: Orientation, _ b: UnsafePointer<Double>,
    _ orientationOfB: Orientation,
    scale: Double = 1, add: Double = 0, into result: UnsafeMutablePointer<Double>, rows: Int, columns: Int, inner: Int
  ) {
    call {
      cblas_dgemm(
        CblasRowMajor, orientationOfA.blas, orientationOfB.blas, Int32(rows), Int32(columns), Int32(inner), scale, a,
        Int32(orientationOfA == .asIs ? inner : rows), b, Int32(orientationOfB == .asIs ? columns : inner), add,
        result, Int32(columns))
    }
  }

  /// The same in single precision.
  static func multiply(
    _ a: UnsafePointer<Float>, _ orientationOfA: Orientation, _ b: UnsafePointer<Float>, _ orientationOfB: Orientation,
    add: Float = 0, into result: UnsafeMutablePointer<Float>, rows: Int, columns: Int, inner: Int
  ) {
    call {
      cblas_sgemm(
        CblasRowMajor, orientationOfA.blas, orientationOfB.blas, Int32(rows), Int32(columns), Int32(inner), 1, a,
        Int32(orientationOfA == .asIs ? inner : rows), b, Int32(orientationOfB == .asIs ? columns : inner), add,
        result, Int32(columns))
    }
  }

  /// `AᵀA`, or `AAᵀ`, of a matrix of that many rows and columns: all of it, both triangles.
  static func gram(of values: [Double], rows: Int, columns: Int, ofRows: Bool = false) -> [Double] {
    let side = ofRows ? rows : columns
    var result = [Double](repeating: 0, count: side * side)
    call {
      cblas_dsyrk(
        CblasRowMajor, CblasLower, ofRows ? CblasNoTrans : CblasTrans, Int32(side), Int32(ofRows ? columns : rows), 1,
        values, Int32(columns), 0, &result, Int32(side))
    }
    result.withUnsafeMutableBufferPointer { result in
      for row in 0..<side {
        for column in 0..<row { result[column * side + row] = result[row * side + column] }
      }
    }
    return result
  }

  /// `a · b`.
  static func dot(_ a: [Double], _ b: [Double]) -> Double {
    // Needs no memory of the library's, so no turn.
    cblas_ddot(Int32(a.count), a, 1, b, 1)
  }

  /// `target += scale · source`.
  static func add(_ scale: Double, _ source: [Double], to target: inout [Double]) {
    cblas_daxpy(Int32(source.count), scale, source, 1, &target, 1)
  }

  /// Eigenvalues, rising, and eigenvectors, a row each, of a symmetric matrix.
  ///
  /// - Throws: `LinearSolverError.singular` where the iteration does not end, as with numbers that are none.
  static func eigen(
    ofSymmetric matrix: [Double], side: Int
  ) throws(LinearSolverError) -> (values: [Double], vectors: [Double]) {
    var (vectors, values) = (matrix, [Double](repeating: 0, count: side))
    var (n, info, workCount, integerCount): (Int32, Int32, Int32, Int32) = (Int32(side), 0, -1, -1)
    var (work, integers): ([Double], [Int32]) = ([0], [0])
    // The first call says how much room the second needs.
    call {
      dsyevd_("V", "L", &n, &vectors, &n, &values, &work, &workCount, &integers, &integerCount, &info, 1, 1)
    }
    workCount = Int32(work[0])
    integerCount = integers[0]
    work = [Double](repeating: 0, count: Int(workCount))
    integers = [Int32](repeating: 0, count: Int(integerCount))
    call {
      dsyevd_("V", "L", &n, &vectors, &n, &values, &work, &workCount, &integers, &integerCount, &info, 1, 1)
    }
    guard info == 0 else { throw .singular }
    return (values, vectors)
  }

  /// For a matrix with fewer rows than columns: `matrix = coordinates · basis`, with the rows of `basis`, `[rows, columns]`,
  /// orthonormal, and `coordinates` `[rows, rows]`.
  static func rowBasis(of matrix: [Double], rows: Int, columns: Int) -> (coordinates: [Double], basis: [Double]) {
    // LAPACK sees columns where these are rows: it factors the transposed matrix into Q (basis) and R (coordinates).
    var basis = matrix
    var (m, n, info, workCount): (Int32, Int32, Int32, Int32) = (Int32(columns), Int32(rows), 0, -1)
    var tau = [Double](repeating: 0, count: rows)
    var work = [0.0]
    call { dgeqrf_(&m, &n, &basis, &m, &tau, &work, &workCount, &info) }
    workCount = Int32(work[0])
    work = [Double](repeating: 0, count: Int(workCount))
    call { dgeqrf_(&m, &n, &basis, &m, &tau, &work, &workCount, &info) }
    var coordinates = [Double](repeating: 0, count: rows * rows)
    for row in 0..<rows {
      for column in 0...row { coordinates[row * rows + column] = basis[row * columns + column] }
    }
    call { dorgqr_(&m, &n, &n, &basis, &m, tau, &work, &workCount, &info) }
    return (coordinates, basis)
  }
}

/// The Cholesky factor of a symmetric positive definite matrix, to solve equations with.
struct CholeskyFactor: Sendable {
  let side: Int
  private let factor: [Double]

  /// - Parameters:
  ///   - matrix: `[side, side]`.
  ///   - ridge: is added to the diagonal.
  /// - Throws: `LinearSolverError.singular` where the matrix is not positive definite.
  init(_ matrix: [Double], side: Int, ridge: Double) throws(LinearSolverError) {
    var factor = matrix
    for index in 0..<side { factor[index * side + index] += ridge }
    var (n, info): (Int32, Int32) = (Int32(side), 0)
    LinearAlgebra.call { dpotrf_("L", &n, &factor, &n, &info, 1) }
    guard info == 0 else { throw .singular }
    self.factor = factor
    self.side = side
  }

  /// Replaces each of `count` rows of `side` numbers by the solution for it.
  func solve(_ rows: UnsafeMutablePointer<Double>, count: Int) {
    var (n, columns, info): (Int32, Int32, Int32) = (Int32(side), Int32(count), 0)
    LinearAlgebra.call { dpotrs_("L", &n, &columns, factor, &n, rows, &n, &info, 1) }
  }
}
