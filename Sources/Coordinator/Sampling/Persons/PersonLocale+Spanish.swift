extension PersonLocale {
    static let spanish = PersonLocale(
        maleNames: list(
            """
            Antonio, Manuel, José, Francisco, David, Juan, Javier, Daniel, Carlos, Miguel, Alejandro, Rafael, Pedro,
            Pablo, Ángel, Sergio, Fernando, Jorge, Luis, Alberto, Álvaro, Diego, Adrián, Raúl, Enrique, Iván, Ramón,
            Vicente, Andrés, Joaquín, Santiago, Mario, Eduardo, Rubén, Roberto, Jaime, Marcos, Ignacio, Hugo, Martín,
            Lucas, Mateo, Leo, Bruno, Gonzalo, Nicolás, Óscar, Salvador, Emilio, Guillermo, Julián, Tomás, Gabriel,
            Agustín, Felipe, Lorenzo, Cristian, Ismael, Unai, Iker
            """),
        femaleNames: list(
            """
            María, Carmen, Ana, Isabel, Laura, Cristina, Marta, Dolores, Lucía, Pilar, Elena, Paula, Raquel, Sara,
            Rosa, Mercedes, Beatriz, Silvia, Teresa, Julia, Patricia, Irene, Rocío, Andrea, Alba, Montserrat, Nuria,
            Sofía, Ángela, Inés, Sonia, Alicia, Susana, Marina, Yolanda, Natalia, Margarita, Eva, Claudia, Inmaculada,
            Verónica, Carolina, Noelia, Daniela, Martina, Valeria, Emma, Olivia, Vega, Carla, Lidia, Esther, Lorena,
            Gloria, Consuelo, Amparo, Nerea, Ainhoa, Leire, Aitana
            """),
        lastNames: list(
            """
            García, Rodríguez, González, Fernández, López, Martínez, Sánchez, Pérez, Gómez, Martín, Jiménez, Hernández,
            Ruiz, Díaz, Moreno, Muñoz, Álvarez, Romero, Gutiérrez, Alonso, Navarro, Torres, Domínguez, Ramos, Vázquez,
            Ramírez, Gil, Serrano, Morales, Molina, Blanco, Suárez, Castro, Ortega, Delgado, Ortiz, Marín, Rubio,
            Núñez, Medina, Sanz, Castillo, Iglesias, Cortés, Garrido, Santos, Guerrero, Lozano, Cano, Cruz, Méndez,
            Flores, Prieto, Herrera, Peña, León, Márquez, Cabrera, Gallego, Calvo, Vidal, Campos, Reyes, Vega, Fuentes,
            Carrasco, Aguilar, Caballero, Nieto, Santana, Vargas, Pascual, Giménez, Hidalgo, Montero, Lorenzo, Ibáñez,
            Ferrer, Durán, Vicente
            """),
        streets: list(
            """
            Calle {last}, Calle de {last}, Avenida {last}, Avenida de {last}, Plaza {last}, Plaza de {last}, Paseo
            {last}, Calle {first} {last}, Ronda de {last}, Camino {last}, Calle Mayor, Calle Real, Plaza Mayor,
            Avenida de la Constitución, Calle del Sol, Calle de la Iglesia, Paseo Marítimo, Calle Nueva
            """),
        cities: list(
            """
            Madrid, Barcelona, Valencia, Sevilla, Zaragoza, Málaga, Murcia, Palma, Las Palmas, Bilbao, Alicante,
            Córdoba, Valladolid, Vigo, Gijón, Vitoria, A Coruña, Elche, Granada, Terrassa, Badalona, Oviedo,
            Cartagena, Jerez, Sabadell, Móstoles, Pamplona, Almería, Fuenlabrada, Leganés, San Sebastián, Burgos,
            Albacete, Santander, Castellón, Logroño, Badajoz, Salamanca, Huelva, Lleida, Tarragona, León, Cádiz,
            Jaén, Ourense, Girona, Lugo, Cáceres, Guadalajara, Toledo, Pontevedra, Palencia, Zamora, Segovia, Ávila
            """),
        states: list(
            """
            Álava, Albacete, Alicante, Almería, Asturias, Ávila, Badajoz, Baleares, Barcelona, Burgos, Cáceres, Cádiz,
            Cantabria, Castellón, Ciudad Real, Córdoba, Cuenca, Girona, Granada, Guadalajara, Guipúzcoa, Huelva,
            Huesca, Jaén, La Coruña, La Rioja, Las Palmas, León, Lleida, Lugo, Madrid, Málaga, Murcia, Navarra,
            Ourense, Palencia, Pontevedra, Salamanca, Segovia, Sevilla, Soria, Tarragona, Tenerife, Teruel, Toledo,
            Valencia, Valladolid, Vizcaya, Zamora, Zaragoza
            """),
        postcodes: ["0%###", "1####", "2####", "3####", "4####"],
        phones: ["+34 6## ### ###", "+34 7## ## ## ##", "+34 9## ### ###", "+34 8########"],
        countries: list(
            """
            Alemania, Andorra, Argelia, Argentina, Australia, Austria, Bélgica, Bolivia, Brasil, Bulgaria, Canadá,
            Chile, China, Colombia, Corea del Sur, Costa Rica, Croacia, Cuba, Dinamarca, Ecuador, Egipto, El Salvador,
            Eslovaquia, Eslovenia, España, Estados Unidos, Estonia, Filipinas, Finlandia, Francia, Ghana, Grecia,
            Guatemala, Honduras, Hungría, India, Indonesia, Irlanda, Islandia, Italia, Jamaica, Japón, Kenia, Letonia,
            Lituania, Luxemburgo, Malta, Marruecos, México, Nicaragua, Noruega, Nueva Zelanda, Países Bajos, Panamá,
            Paraguay, Perú, Polonia, Portugal, Reino Unido, República Checa, República Dominicana, Rumanía, Senegal,
            Serbia, Sudáfrica, Suecia, Suiza, Tailandia, Túnez, Turquía, Ucrania, Uruguay, Venezuela, Vietnam
            """),
        occupations: list(
            """
            Abogado, Actor, Administrativo, Agricultor, Albañil, Animador, Apicultor, Archivero, Arquitecto,
            Astrónomo, Auxiliar de vuelo, Bibliotecario, Biólogo, Bombero, Camarero, Carnicero, Carpintero, Cartero,
            Cerrajero, Científico de datos, Cirujano, Cocinero, Conductor de autobús, Conserje, Contable, Dentista,
            Dependiente, Diseñador gráfico, Ebanista, Economista, Editor, Electricista, Enfermero, Farmacéutico,
            Fisioterapeuta, Florista, Fontanero, Fotógrafo, Ganadero, Geólogo, Guía turístico, Horticultor,
            Ingeniero, Intérprete, Jardinero, Joyero, Juez, Librero, Logopeda, Maestro, Maquinista, Marinero,
            Matemático, Mecánico, Médico, Músico, Notario, Óptico, Panadero, Peluquero, Periodista, Pescador, Piloto,
            Pintor, Policía, Programador, Psicólogo, Químico, Sastre, Sociólogo, Soldador, Techador, Trabajador
            social, Traductor, Veterinario, Viticultor, Zapatero
            """))
}
