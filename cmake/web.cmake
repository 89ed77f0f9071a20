# The dashboard and the pages of the API at /docs (server/web) are built by npm and Vite and become
# a part of the binary: the service needs neither at run time. Everything is made in the build tree;
# the sources stay as they are.
option(ORBWEAVER_WEB "Build the dashboard into the service (needs Node.js 18 and npm)" ON)

if(NOT ORBWEAVER_WEB)
  target_sources(orbweaver_server PRIVATE ${PROJECT_SOURCE_DIR}/cmake/plain_page.cpp)
  return()
endif()

find_program(ORBWEAVER_NPM npm)
find_program(ORBWEAVER_NODE NAMES node nodejs)
if(NOT ORBWEAVER_NPM OR NOT ORBWEAVER_NODE)
  message(FATAL_ERROR "The dashboard is built by npm, which is not installed. Install it "
                      "(apt-get install nodejs npm), or build a service without a dashboard: "
                      "-DORBWEAVER_WEB=OFF")
endif()

set(web_source ${PROJECT_SOURCE_DIR}/server/web)
set(web_build ${PROJECT_BINARY_DIR}/web)
set(web_assets ${PROJECT_BINARY_DIR}/generated/server/api/web_assets.cpp)
set(web_files index.html docs.html tsconfig.json vite.config.ts embed.mjs licenses.mjs)
list(TRANSFORM web_files PREPEND ${web_source}/ OUTPUT_VARIABLE web_file_paths)
file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${web_source}/src/* ${web_source}/public/*)

# npm_packages(DIRECTORY SOURCE STAMP): what SOURCE's lock file names is installed in DIRECTORY.
function(npm_packages directory source stamp)
  set(files ${source}/package.json ${source}/package-lock.json)
  add_custom_command(
    OUTPUT ${stamp}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${directory}
    COMMAND ${CMAKE_COMMAND} -E copy ${files} ${directory}
    # No package's own script is run: none of these needs one.
    COMMAND ${ORBWEAVER_NPM} --prefix ${directory} ci --ignore-scripts --no-audit --no-fund
            --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    DEPENDS ${files}
    COMMENT "Installing the npm packages of ${source}"
    VERBATIM)
endfunction()

npm_packages(${web_build} ${web_source} ${web_build}/npm.stamp)
add_custom_command(
  OUTPUT ${web_assets}
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${web_build}/src ${web_build}/public ${web_build}/dist
  COMMAND ${CMAKE_COMMAND} -E copy ${web_file_paths} ${web_build}
  COMMAND ${CMAKE_COMMAND} -E copy_directory ${web_source}/src ${web_build}/src
  COMMAND ${CMAKE_COMMAND} -E copy_directory ${web_source}/public ${web_build}/public
  COMMAND ${ORBWEAVER_NPM} --prefix ${web_build} run --silent build -- --logLevel warn
  COMMAND ${ORBWEAVER_NODE} ${web_build}/licenses.mjs ${web_build} ${web_build}/dist/licenses.txt
  COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/generated/server/api
  COMMAND ${ORBWEAVER_NODE} ${web_build}/embed.mjs ${web_build}/dist ${web_assets}
  DEPENDS ${web_build}/npm.stamp ${web_file_paths} ${web_sources}
  COMMENT "Building the dashboard"
  VERBATIM)
target_sources(orbweaver_server PRIVATE ${web_assets})
