# What `cmake --install` puts where, and the Debian package that `cpack` makes of it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS fit_cli RUNTIME)
install(TARGETS libfit EXPORT fitTargets ARCHIVE)
install(EXPORT fitTargets NAMESPACE fit:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fit)
file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/libfit/*.h)
install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/libfit)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/fitConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_SOURCE_DIR}/cmake/fitConfig.cmake ${PROJECT_BINARY_DIR}/fitConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fit)

# The program looks for its data in ../share/fit/models.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/models/ DESTINATION ${CMAKE_INSTALL_DATADIR}/fit/models
        FILES_MATCHING PATTERN "*.json" PATTERN "shapes" EXCLUDE)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md ${PROJECT_SOURCE_DIR}/LICENSE
        TYPE DOC)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/ TYPE DOC)

add_custom_command(
  OUTPUT fit.1 fit.bash
  COMMAND fit_cli manual man > fit.1
  COMMAND fit_cli manual bash > fit.bash
  DEPENDS fit_cli
  WORKING_DIRECTORY ${PROJECT_BINARY_DIR})
add_custom_target(manual ALL DEPENDS fit.1 fit.bash)
install(FILES ${PROJECT_BINARY_DIR}/fit.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_BINARY_DIR}/fit.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME fit)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME fit)
set(CPACK_PACKAGE_CONTACT "Fit")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "From the 3D scan of a residual limb to a prosthetic socket that can be printed")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS prusa-slicer)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "slurm-client, chromium")
include(CPack)
