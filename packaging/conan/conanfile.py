"""The recipe for Conan 2: conan create packaging/conan"""

import re
from pathlib import Path

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, rmdir

required_conan_version = ">=2.0"


class GentleFixtures(ConanFile):
    name = "gentle-fixtures"
    description = "Services as fixtures of CTest, with the coverage of what they run"
    license = "Apache-2.0"
    topics = ("cmake", "ctest", "testing", "coverage", "fixtures")
    # A program and text: used at build time, for the machine that builds.
    package_type = "application"
    settings = "os", "arch", "compiler", "build_type"

    @property
    def checkout(self):
        return Path(self.recipe_folder).parent.parent

    def set_version(self):
        text = (self.checkout / "cmake/GentleFixturesVersion.cmake").read_text(encoding="utf-8")
        self.version = re.search(r"GentleFixtures_VERSION ([\d.]+)\)", text).group(1)

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "LICENSE", "CHANGELOG.md", "cmake/*", "helper/*", "packaging/*",
                        "tests/house/Warnings.cmake"):
            copy(self, pattern, self.checkout, self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("nlohmann_json/[>=3.9 <4]", visible=False)

    def package_id(self):
        # The program is the same, whatever compiled it.
        del self.info.settings.compiler
        del self.info.settings.build_type

    def validate(self):
        if self.settings.os != "Linux":
            raise ConanInvalidConfiguration("gentle-fixtures runs on Linux only")

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.user_presets_path = False
        toolchain.cache_variables["BUILD_TESTING"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        licences = Path(self.package_folder) / "share/doc/GentleFixtures"
        copy(self, "*", licences, Path(self.package_folder) / "licenses")
        rmdir(self, licences.parent)

    def package_info(self):
        # The package's own GentleFixturesConfig.cmake is found, and nobody makes another one.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = ["share/cmake/GentleFixtures"]
        self.cpp_info.includedirs = []
        self.cpp_info.libdirs = []
