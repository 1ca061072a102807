# cpack runs this on the installed files: what Debian wants besides, or in another form.
set(share "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share")
set(docs "${share}/doc/${CPACK_PACKAGE_NAME}")
file(REMOVE_RECURSE "${share}/doc")
file(MAKE_DIRECTORY "${docs}" "${share}/lintian/overrides")
file(COPY_FILE "${CMAKE_CURRENT_LIST_DIR}/copyright" "${docs}/copyright")
file(COPY_FILE "${CMAKE_CURRENT_LIST_DIR}/lintian-overrides" "${share}/lintian/overrides/${CPACK_PACKAGE_NAME}")
file(COPY_FILE "${CPACK_GENTLE_SOURCE}/CHANGELOG.md" "${docs}/changelog")

# The day is that of the sources, if somebody says so: reproducible-builds.org/specs/source-date-epoch.
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(version "${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}")
file(WRITE "${docs}/changelog.Debian" "${CPACK_PACKAGE_NAME} (${version}) unstable; urgency=medium

  * Version ${CPACK_PACKAGE_VERSION}: changelog.gz says what is new.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
if(NOT CPACK_GENTLE_GZIP)
  message(FATAL_ERROR "make .deb: there is no gzip, which compresses its changelog; on Debian: apt-get install gzip.")
endif()
execute_process(COMMAND "${CPACK_GENTLE_GZIP}" -9n "${docs}/changelog" "${docs}/changelog.Debian"
  "${share}/man/man1/gentle.1" COMMAND_ERROR_IS_FATAL ANY)
file(GLOB_RECURSE files "${share}/*")
file(CHMOD ${files} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
