# What `cmake --install` puts in place: the binary, and what is printed by it or says where it is.
include(GNUInstallDirs)

install(TARGETS orbweaver RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)

# A binary made for a sanitizer is not for use, and may not even run in the middle of a build.
if(ORBWEAVER_SANITIZE)
  return()
endif()

set(share ${PROJECT_BINARY_DIR}/share)
# printed_by_binary(FILE ARGUMENT...): what the binary prints when it is asked.
function(printed_by_binary file)
  add_custom_command(
    OUTPUT ${share}/${file}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${share}
    COMMAND orbweaver ${ARGN} > ${share}/${file}
    DEPENDS orbweaver
    VERBATIM)
endfunction()
printed_by_binary(orbweaver.1 man)
printed_by_binary(orbweaver.bash completion bash)
printed_by_binary(_orbweaver completion zsh)
printed_by_binary(orbweaver.fish completion fish)
add_custom_target(share ALL DEPENDS ${share}/orbweaver.1 ${share}/orbweaver.bash
                                    ${share}/_orbweaver ${share}/orbweaver.fish)

install(FILES ${share}/orbweaver.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT manual)
install(FILES ${share}/orbweaver.bash RENAME orbweaver
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT manual)
install(FILES ${share}/_orbweaver
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions COMPONENT manual)
install(FILES ${share}/orbweaver.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT manual)

configure_file(${PROJECT_SOURCE_DIR}/packaging/orbweaver.service.in ${share}/orbweaver.service @ONLY)
install(FILES ${share}/orbweaver.service DESTINATION lib/systemd/system COMPONENT service)
