#pragma once
#include <cblas.h>

// LAPACK is part of OpenBLAS, but the header that declares it is not part of every package of OpenBLAS. Fortran's
// interface: everything by address, matrices by columns, and the lengths of strings after the last argument.

// Cholesky factor of a symmetric positive definite matrix, in place.
void dpotrf_(const char *triangle, const int *n, double *a, const int *lda, int *info, size_t triangle_length);

// Solves with that factor, in place of the right-hand sides.
void dpotrs_(
    const char *triangle, const int *n, const int *columns, const double *a, const int *lda, double *b, const int *ldb,
    int *info, size_t triangle_length);

// Eigenvalues and eigenvectors of a symmetric matrix, vectors in its place.
void dsyevd_(
    const char *job, const char *triangle, const int *n, double *a, const int *lda, double *eigenvalues, double *work,
    const int *work_count, int *integer_work, const int *integer_work_count, int *info, size_t job_length,
    size_t triangle_length);

// QR factorisation by Householder reflections, and the orthonormal columns of its Q.
void dgeqrf_(
    const int *rows, const int *columns, double *a, const int *lda, double *tau, double *work, const int *work_count,
    int *info);
void dorgqr_(
    const int *rows, const int *columns, const int *reflections, double *a, const int *lda, const double *tau,
    double *work, const int *work_count, int *info);
