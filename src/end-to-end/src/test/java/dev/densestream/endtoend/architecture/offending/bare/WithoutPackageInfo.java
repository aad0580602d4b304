package dev.densestream.endtoend.architecture.offending.bare;

/** Lies in a package nobody described. */
public final class WithoutPackageInfo {}
